// Runs `predict`: opens the model, and prints each batch of predictions as it is made.

import { once } from "node:events";
import { open } from "node:fs/promises";
import { writeFilesAtomic } from "../../../atomic-files.js";
import { csvRows, csvText } from "../../../csv-text.js";
import { InputError } from "../../../errors.js";
import {
  type FilePrediction,
  listInputs,
  openPredictor,
  predictFiles,
  thresholdNotes,
} from "../../../inference/index.js";
import { log, printResult } from "../../shared/output.js";
import type { PredictOptions } from "./predict-options.js";

/**
 * Prints the predictions in the order of the inputs, or writes them to a CSV file; in constant memory.
 * @throws InputError for a model, an input or an output that cannot be used, or when no input could be decoded.
 */
export async function predict(model: string, inputs: readonly string[], options: PredictOptions): Promise<void> {
  const { csv, json } = options;
  const paths = await listInputs(inputs, process.stdin);
  const predictor = await openPredictor(model, options);
  for (const note of thresholdNotes(predictor)) log(note);
  const batches = predictFiles(predictor, paths, options);
  try {
    if (csv === undefined) await printed(batches, json ? jsonWriter() : columnWriter(predictor.classes));
    else await written(batches, csv, json);
  } finally {
    await predictor.close();
  }
}

async function printed(batches: AsyncIterable<FilePrediction[]>, writer: Writer): Promise<void> {
  let begun = false;
  try {
    for await (const predictions of counted(batches)) {
      await print(writer.lines(predictions));
      begun = true;
    }
  } catch (error) {
    if (begun) await print(writer.end());
    throw error;
  }
  await print(writer.end());
}

/** The file appears when it is complete; a file that cannot be decoded has a row with the reason. */
async function written(batches: AsyncIterable<FilePrediction[]>, csv: string, json: boolean): Promise<void> {
  const rows = await writeFilesAtomic([csv], async (path) => {
    const file = await open(path, "w");
    let count = 0;
    try {
      await file.write(csvText(["file", "label", "confidence", "abstained", "error"], []));
      for await (const predictions of counted(batches)) {
        count += predictions.length;
        await file.write(csvRows(predictions.map(cellsOf)));
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return count;
  });
  printResult(json, { rows, csv }, [`${rows} rows in ${csv}`]);
}

const cellsOf = (prediction: FilePrediction) =>
  "error" in prediction
    ? [prediction.file, null, null, null, prediction.error]
    : [prediction.file, prediction.label, prediction.confidence, prediction.abstained, null];

/** The batches; at the end it is refused that none of the files could be decoded. */
async function* counted(batches: AsyncIterable<FilePrediction[]>): AsyncGenerator<FilePrediction[]> {
  const counts = { predicted: 0, failed: 0 };
  for await (const predictions of batches) {
    for (const prediction of predictions) count(prediction, counts);
    yield predictions;
  }
  if (counts.predicted === 0) throw new InputError(nothingPredicted(counts.failed));
}

function nothingPredicted(failed: number): string {
  const expected = "expected at least one image or array";
  return failed === 0
    ? `the inputs contain no image; ${expected}`
    : `none of ${failed} files could be decoded; ${expected}`;
}

function count(prediction: FilePrediction, counts: { predicted: number; failed: number }): void {
  if ("label" in prediction) counts.predicted++;
  else {
    counts.failed++;
    log(`${prediction.file} cannot be decoded: ${prediction.error}`);
  }
}

/** Waits while the reader is slower than the model. */
async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

interface Writer {
  lines(predictions: readonly FilePrediction[]): string;
  end(): string;
}

/** One JSON array, written as it grows. */
function jsonWriter(): Writer {
  let before = "[";
  const item = (prediction: FilePrediction) => {
    const text = `${before}${JSON.stringify(prediction)}`;
    before = ",\n";
    return text;
  };
  return {
    lines: (predictions) => predictions.map(item).join(""),
    end: () => (before === "[" ? "[]\n" : "]\n"),
  };
}

/** File, label and confidence; the files' column is as wide as the widest so far. */
function columnWriter(classes: readonly string[]): Writer {
  const labelWidth = Math.max(...["abstained", ...classes].map(({ length }) => length));
  let fileWidth = 0;
  const line = (prediction: FilePrediction) => {
    if (!("label" in prediction)) return "";
    const { file, label, confidence, abstained } = prediction;
    const cells = [file.padEnd(fileWidth), (abstained ? "abstained" : label).padEnd(labelWidth), confidence.toFixed(4)];
    return `${cells.join("  ")}\n`;
  };
  return {
    lines(predictions) {
      fileWidth = Math.max(fileWidth, ...predictions.map(({ file }) => file.length));
      return predictions.map(line).join("");
    },
    end: () => "",
  };
}
