// Reads samples from a .npy array as model input.
import { channelsFirst } from "../../data/channels-first.js";
import { type NpyArray, readNpy } from "../../data/tables/npy.js";
import { InputError } from "../../errors.js";
import { type PredictorInput, sampleShape } from "../predictor.js";

export interface ArraySamples {
  readonly samples: number;
  /** (samples, ...shape): bytes are pixels. */
  readonly values: Float32Array | Uint8Array;
}

/**
 * Reads a `.npy` file of samples as training reads it: (n, channels, height, width), (n, height, width, channels) or, of one
 * channel, (n, height, width) for images, bytes or numbers in the range of the model's pixels; (n, ...shape) of any numbers
 * for features.
 * @throws InputError naming the shape received and the one expected.
 */
export async function readArraySamples(path: string, input: PredictorInput): Promise<ArraySamples> {
  const array = await readNpy(path);
  const [samples = 0, ...shape] = array.shape;
  const order = samples === 0 ? undefined : orderOf(shape, input);
  if (order === undefined) {
    const expected = sampleShape(input).join(", ");
    throw new InputError(
      `${path} has shape (${array.shape.join(", ")}); the model takes ${input.kind} of shape (n, ${expected})`,
    );
  }
  const isPixels = input.kind === "images" && array.data instanceof Uint8Array;
  const values = isPixels ? (array.data as Uint8Array) : floatsOf(array);
  if (order === "as is" || input.kind !== "images") return { samples, values };
  return { samples, values: channelsFirst(values, input.channels, input.height * input.width) };
}

/** How samples of this shape lie in memory; undefined for a shape that the model does not take. */
function orderOf(shape: readonly number[], input: PredictorInput): "as is" | "channels last" | undefined {
  const is = (expected: readonly number[]) => shape.join() === expected.join();
  if (is(sampleShape(input))) return "as is";
  if (input.kind !== "images") return undefined;
  const { channels, height, width } = input;
  if (channels === 1 && is([height, width])) return "as is";
  return is([height, width, channels]) ? "channels last" : undefined;
}

function floatsOf({ data }: NpyArray): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float32Array.from(data, Number);
  return new Float32Array(data);
}
