// Files as samples, in batches: decoded ahead while the model computes, never more than two batches in memory.
import { decodeImage, whyNotDecoded } from "../../data/formats/images/decode-image.js";
import { InputError } from "../../errors.js";
import { parseOptions } from "../../options/index.js";
import type { PredictorInput } from "../predictor.js";
import { readArraySamples } from "./array-samples.js";
import { inOrder } from "./in-order.js";
import { isArray } from "./list-inputs.js";
import { type LoadOptions, loadOptions } from "./load-options.js";

/** A sample as model input, or the reason why there is none. */
export type Loaded = { readonly file: string } & (
  | { readonly values: Float32Array | Uint8Array }
  | { readonly error: string }
);

/**
 * Loads image files and `.npy` arrays (whose samples are `name.npy#0`, `#1`, ...), a batch at a time, in their order.
 *
 * Memory: two batches, and an array as a whole. Throws `InputError` for an array that the model does not take, images for a
 * model of features, and under `strict` for a file that cannot be decoded.
 */
export async function* loadBatches(
  input: PredictorInput,
  paths: AsyncIterable<string>,
  options: LoadOptions = {},
  turn: Turn = { rank: 0, world: 1 },
): AsyncGenerator<Loaded[]> {
  const { batchSize, strict } = parseOptions(loadOptions, options);
  const tasks = inTurn(loadingTasks(input, paths), batchSize, turn);
  let batch: Loaded[] = [];
  for await (const loaded of inOrder(tasks, batchSize)) {
    if (strict && "error" in loaded) throw new InputError(`${loaded.file} cannot be decoded: ${loaded.error}`);
    batch.push(loaded);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Which of the batches to load: in turn, each rank takes one. */
export interface Turn {
  readonly rank: number;
  readonly world: number;
}

async function* inTurn<T>(tasks: AsyncIterable<T>, batchSize: number, { rank, world }: Turn): AsyncGenerator<T> {
  let position = 0;
  for await (const task of tasks) {
    if (Math.floor(position++ / batchSize) % world === rank) yield task;
  }
}

async function* loadingTasks(
  input: PredictorInput,
  paths: AsyncIterable<string>,
): AsyncGenerator<() => Promise<Loaded>> {
  for await (const path of paths) {
    if (isArray(path)) {
      const { samples, values } = await readArraySamples(path, input);
      const length = values.length / samples;
      for (let i = 0; i < samples; i++) {
        yield async () => finiteSample(`${path}#${i}`, values.subarray(i * length, (i + 1) * length));
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

function finiteSample(file: string, values: Float32Array | Uint8Array): Loaded {
  const at = values.findIndex((value) => !Number.isFinite(value));
  return at < 0 ? { file, values } : { file, error: `value ${at} is ${values[at]}; expected finite numbers` };
}

async function loadImage(file: string, shape: Parameters<typeof decodeImage>[1]): Promise<Loaded> {
  try {
    return { file, values: await decodeImage(file, shape) };
  } catch (error) {
    return { file, error: await whyNotDecoded(file, error as Error) };
  }
}
