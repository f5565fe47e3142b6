// Reads samples from a .npy array as model input.
import { type NpyArray, readNpy } from "../../data/tables/npy.js";
import { InputError } from "../../errors.js";
import { type PredictorInput, sampleShape } from "../predictor.js";

export interface ArraySamples {
  readonly samples: number;
  /** (samples, ...shape): bytes are pixels. */
  readonly values: Float32Array | Uint8Array;
}

/**
 * Reads a `.npy` file of samples as training reads it: (n, channels, height, width) for images, uint8 from 0 to 255 or
 * fractions of 1; (n, ...shape) of any numbers for features.
 *
 * Throws `InputError` naming the shape received and the one expected.
 */
export async function readArraySamples(path: string, input: PredictorInput): Promise<ArraySamples> {
  const array = await readNpy(path);
  const [samples = 0, ...shape] = array.shape;
  const expected = sampleShape(input);
  if (samples === 0 || shape.join() !== expected.join()) {
    throw new InputError(
      `${path} has shape (${array.shape.join(", ")}); the model takes ${input.kind} of shape (n, ${expected.join(", ")})`,
    );
  }
  const isPixels = input.kind === "images" && array.data instanceof Uint8Array;
  return { samples, values: isPixels ? (array.data as Uint8Array) : floatsOf(array) };
}

function floatsOf({ data }: NpyArray): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float32Array.from(data, Number);
  return new Float32Array(data);
}
