// Samples that lie in a .npy array, as a model takes them.
import { type NpyArray, readNpy } from "../data/npy.js";
import { InputError } from "../errors.js";
import { type PredictorInput, sampleShape } from "./predictor.js";

export interface ArraySamples {
  readonly samples: number;
  /** (samples, ...shape): bytes are pixels. */
  readonly values: Float32Array | Uint8Array;
}

/**
 * Reads a `.npy` file of samples: (n, channels, height, width) uint8, or floats from 0 to 1, for images; (n, ...shape) of any
 * numbers for features.
 *
 * Throws `InputError` naming the shape or the type received and the one expected.
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
  return { samples, values: input.kind === "images" ? pixelsOf(path, array) : floatsOf(array) };
}

function pixelsOf(path: string, { data }: NpyArray): Float32Array | Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    throw new InputError(`${path} holds integers that are no bytes; expected uint8 pixels, or floats from 0 to 1`);
  }
  const stray = data.find((value) => !(value >= 0 && value <= 1));
  if (stray === undefined) return floatsOf({ data, shape: [] });
  throw new InputError(`${path} holds the pixel ${stray}; expected floats from 0 to 1, or uint8 from 0 to 255`);
}

function floatsOf({ data }: NpyArray): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float32Array.from(data, Number);
  return new Float32Array(data);
}
