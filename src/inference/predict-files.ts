// Answers to any number of files: decoded ahead while the model computes, never more than a few batches in memory.
import { decodeImage, whyNotDecoded } from "../data/formats/decode-image.js";
import { InputError } from "../errors.js";
import { readArraySamples } from "./array-samples.js";
import { inOrder } from "./in-order.js";
import { isArray } from "./list-inputs.js";
import { assembleBatch, type Prediction, type Predictor } from "./predictor.js";

/** What is said of a file: the answer, or why there is none. */
export type FileAnswer =
  | { readonly file: string; readonly label: string; readonly confidence: number; readonly abstained: boolean }
  | { readonly file: string; readonly error: string };

export interface PredictFilesOptions {
  readonly batchSize?: number;
  /** Refuse a file that cannot be decoded, where it would be passed over. */
  readonly strict?: boolean;
}

type Loaded = { readonly file: string } & ({ readonly values: Float32Array | Uint8Array } | { readonly error: string });

/** An answer as the command and the server give it. */
export function answerOf(file: string, { label, confidence, abstained }: Prediction) {
  return { file, label, confidence, abstained };
}

/**
 * Answers image files and `.npy` arrays (whose samples are `name.npy#0`, `#1`, ...), a batch at a time, in their order.
 *
 * Memory: two batches, and an array as a whole. Throws `InputError` for an array that the model does not take, images for a
 * model of features, and under `strict` for a file that cannot be decoded.
 */
export async function* predictFiles(
  predictor: Predictor,
  paths: AsyncIterable<string>,
  { batchSize = 32, strict = false }: PredictFilesOptions = {},
): AsyncGenerator<FileAnswer[]> {
  let batch: Loaded[] = [];
  for await (const loaded of inOrder(loadingTasks(predictor, paths), batchSize)) {
    if (strict && "error" in loaded) throw new InputError(`${loaded.file} cannot be decoded: ${loaded.error}`);
    batch.push(loaded);
    if (batch.length < batchSize) continue;
    yield await answerBatch(predictor, batch);
    batch = [];
  }
  if (batch.length > 0) yield await answerBatch(predictor, batch);
}

async function* loadingTasks(
  { input }: Predictor,
  paths: AsyncIterable<string>,
): AsyncGenerator<() => Promise<Loaded>> {
  for await (const path of paths) {
    if (isArray(path)) {
      const { samples, values } = await readArraySamples(path, input);
      const length = values.length / samples;
      for (let i = 0; i < samples; i++) {
        yield async () => ({ file: `${path}#${i}`, values: values.subarray(i * length, (i + 1) * length) });
      }
    } else if (input.kind === "features") {
      throw new InputError(
        `${path}: the model takes features; expected a .npy array of (n, ${input.shape.join(", ")})`,
      );
    } else {
      yield () => loadImage(path, input);
    }
  }
}

async function loadImage(file: string, shape: Parameters<typeof decodeImage>[1]): Promise<Loaded> {
  try {
    return { file, values: await decodeImage(file, shape) };
  } catch (error) {
    return { file, error: await whyNotDecoded(file, error as Error) };
  }
}

async function answerBatch(predictor: Predictor, batch: readonly Loaded[]): Promise<FileAnswer[]> {
  const samples = batch.flatMap((loaded) => ("values" in loaded ? [loaded.values] : []));
  const predictions = samples.length === 0 ? [] : await predictor.predict(assembleBatch(samples), samples.length);
  let next = 0;
  return batch.map((loaded) => ("error" in loaded ? loaded : answerOf(loaded.file, predictions[next++] as Prediction)));
}
