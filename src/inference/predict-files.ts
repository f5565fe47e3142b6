// Predictions for any number of files: decoded ahead while the model computes, with a few batches in memory at most.

import { assembleBatch, type Prediction, type Predictor } from "./predictor.js";
import type { LoadOptions } from "./samples/load-options.js";
import { type Loaded, loadBatches } from "./samples/load-samples.js";

/** The prediction for a file, or why there is none. */
export type FilePrediction =
  | { readonly file: string; readonly label: string; readonly confidence: number; readonly abstained: boolean }
  | { readonly file: string; readonly error: string };

/** A prediction as the command and the server print it. */
export function filePrediction(file: string, { label, confidence, abstained }: Prediction) {
  return { file, label, confidence, abstained };
}

/** Predicts image files and arrays, one batch at a time, in their order. Memory and errors as `loadBatches`. */
export async function* predictFiles(
  predictor: Predictor,
  paths: AsyncIterable<string>,
  options: LoadOptions = {},
): AsyncGenerator<FilePrediction[]> {
  for await (const batch of loadBatches(predictor.input, paths, options)) yield await predictBatch(predictor, batch);
}

async function predictBatch(predictor: Predictor, batch: readonly Loaded[]): Promise<FilePrediction[]> {
  const samples = batch.flatMap((loaded) => ("values" in loaded ? [loaded.values] : []));
  const predictions =
    samples.length === 0 ? [] : await predictor.predict(assembleBatch(samples, predictor.input), samples.length);
  let next = 0;
  return batch.map((loaded) =>
    "error" in loaded ? loaded : filePrediction(loaded.file, predictions[next++] as Prediction),
  );
}
