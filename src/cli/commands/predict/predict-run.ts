// What `predict` does: opens the model, answers, and prints each batch as it is answered.
import { once } from "node:events";
import { InputError } from "../../../errors.js";
import { type FileAnswer, listInputs, openPredictor, predictFiles } from "../../../inference/index.js";
import { log } from "../../shared/output.js";
import type { PredictorFlags } from "../../shared/predictor-options.js";

export interface PredictFlags extends PredictorFlags {
  readonly batchSize: number;
  readonly strict: boolean;
}

/**
 * Answers the inputs in their order, in constant memory.
 * @throws InputError for a model or an input that cannot be used, or when no input could be decoded.
 */
export async function predictAndTell(model: string, words: readonly string[], flags: PredictFlags): Promise<void> {
  const paths = await listInputs(words, process.stdin);
  const predictor = await openPredictor(model, flags);
  const write = flags.json ? jsonWriter() : columnWriter(predictor.classes);
  const seen = { answered: 0, failed: 0 };
  try {
    for await (const answers of predictFiles(predictor, paths, flags)) {
      for (const answer of answers) count(answer, seen);
      await print(write.answers(answers));
    }
    await print(write.end());
  } finally {
    await predictor.close();
  }
  if (seen.answered === 0) throw new InputError(nothingAnswered(seen.failed));
}

function nothingAnswered(failed: number): string {
  const expected = "expected at least one image or array";
  return failed === 0
    ? `the inputs hold no image; ${expected}`
    : `none of ${failed} files could be decoded; ${expected}`;
}

function count(answer: FileAnswer, seen: { answered: number; failed: number }): void {
  if ("label" in answer) seen.answered++;
  else {
    seen.failed++;
    log(`${answer.file} cannot be decoded: ${answer.error}`);
  }
}

/** Waits where the reader is slower than the answers. */
async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

interface Writer {
  answers(answers: readonly FileAnswer[]): string;
  end(): string;
}

/** One array, written as it grows. */
function jsonWriter(): Writer {
  let before = "[";
  return {
    answers: (answers) =>
      answers
        .map((answer) => {
          const text = `${before}${JSON.stringify(answer)}`;
          before = ",\n";
          return text;
        })
        .join(""),
    end: () => (before === "[" ? "[]\n" : "]\n"),
  };
}

/** File, label and confidence; the files' column is as wide as the widest so far. */
function columnWriter(classes: readonly string[]): Writer {
  const labelWidth = Math.max(...["abstained", ...classes].map(({ length }) => length));
  let fileWidth = 0;
  const line = (answer: FileAnswer) => {
    if (!("label" in answer)) return [];
    const { file, label, confidence, abstained } = answer;
    const cells = [file.padEnd(fileWidth), (abstained ? "abstained" : label).padEnd(labelWidth), confidence.toFixed(4)];
    return [`${cells.join("  ")}\n`];
  };
  return {
    answers(answers) {
      fileWidth = Math.max(fileWidth, ...answers.map(({ file }) => file.length));
      return answers.flatMap(line).join("");
    },
    end: () => "",
  };
}
