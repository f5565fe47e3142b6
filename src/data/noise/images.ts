// Image noise: images are corrupted, labels stay.
import { InputError } from "../../errors.js";
import { requireHeld } from "../loader/streamed.js";
import { randomFrom } from "../random.js";
import { channelStatistics } from "../statistics.js";
import { checkRange } from "../tables/label-file.js";
import { readNpy } from "../tables/npy.js";
import type { HeldSamples, Samples } from "../types.js";
import { countAtRate } from "./rate.js";
import type { ImageNoise, ImageNoiseKind } from "./spec.js";

/** A copy of the images with noise, and the indices of the corrupted ones, ascending. */
export interface CorruptedImages {
  readonly values: Uint8Array;
  readonly corrupted: Int32Array;
}

/** Writes the replacement of one image, (channels, pixels), into `to`. */
type Replace = (from: Uint8Array, to: Uint8Array, index: number) => void;

/**
 * Replaces floor(rate n) images, drawn without replacement, or those whose indices a `.npy` file lists:
 * - `gaussian`: by draws of N(mean, std^2) of the data's channel, rounded and clipped to 0 to 255;
 * - `random-pixels`: by their own pixels in random order, a different order for each image;
 * - `shuffled-pixels`: by their own pixels in one random order for all images.
 *
 * A pixel moves with all its channels. Draws are keyed by the seed, the kind and the image's number, so that a list of the
 * same numbers gives the same pixels.
 * @throws InputError where samples are not images, for a rate outside [0, 1], and for an index out of range or repeated.
 * @see Huang et al. 2020, section 2 (arXiv 2002.10319), after Zhang et al. 2017, section 2.1 (arXiv 1611.03530)
 */
export async function corruptImages(samples: Samples, spec: ImageNoise, seed: number): Promise<CorruptedImages> {
  requireHeld(samples, `noise "${spec.kind}"`);
  const images = imagesOf(samples, spec.kind);
  const size = images.length / samples.labels.length;
  const corrupted = await chosenImages(spec, samples.labels.length, seed);
  const replace = replacements[spec.kind](samples, seed);
  const values = images.slice();
  for (const index of corrupted) {
    const [start, end] = [index * size, (index + 1) * size];
    replace(images.subarray(start, end), values.subarray(start, end), index);
  }
  return { values, corrupted };
}

function imagesOf({ values, shape }: HeldSamples, kind: ImageNoiseKind): Uint8Array {
  if (values instanceof Uint8Array && shape.length === 3) return values;
  const received = `samples of shape (${shape.join(", ")})`;
  throw new InputError(`noise "${kind}" is for images; received ${received}; expected images, or label noise`);
}

async function chosenImages(spec: ImageNoise, n: number, seed: number): Promise<Int32Array> {
  if ("path" in spec) return readImageNumbers(spec.path, n);
  return randomFrom(seed, `${spec.kind} noise`).sample(n, countAtRate(spec.rate, n)).sort();
}

async function readImageNumbers(path: string, n: number): Promise<Int32Array> {
  const { data, shape } = await readNpy(path);
  const floats = data instanceof Float32Array || data instanceof Float64Array;
  if (floats || shape.length !== 1) {
    const received = `${floats ? "floats" : "integers"} of shape (${shape.join(", ")})`;
    throw new InputError(`${path}: ${received}; expected a list of image numbers`);
  }
  const numbers = Int32Array.from(data as ArrayLike<number | bigint>, Number);
  numbers.forEach((number, row) => {
    checkRange(`${path}, row ${row}`, "image", number, n);
  });
  const sorted = numbers.sort();
  const repeated = sorted.find((number, i) => number === sorted[i + 1]);
  if (repeated === undefined) return sorted;
  throw new InputError(`${path}: image ${repeated} is listed twice; expected each once`);
}

const replacements: Record<ImageNoiseKind, (samples: HeldSamples, seed: number) => Replace> = {
  gaussian(samples, seed) {
    const { mean, std: divisors } = channelStatistics(samples);
    // Pixels deviate by at most a half: a 1 stands for a constant channel.
    const std = divisors.map((divisor) => (divisor === 1 ? 0 : divisor));
    return (_, to, index) => {
      const { normal } = randomFrom(seed, "gaussian noise", index);
      const plane = to.length / mean.length;
      for (let i = 0, channel = 0; channel < mean.length; channel++) {
        for (const end = i + plane; i < end; i++) to[i] = toByte(mean[channel]! + std[channel]! * normal());
      }
    };
  },
  "random-pixels": ({ shape }, seed) => {
    const pixels = pixelsOf(shape);
    return (from, to, index) => permute(from, to, randomFrom(seed, "random-pixels noise", index).permutation(pixels));
  },
  "shuffled-pixels": ({ shape }, seed) => {
    const pixels = pixelsOf(shape);
    const order = randomFrom(seed, "shuffled-pixels noise", "order").permutation(pixels);
    return (from, to) => permute(from, to, order);
  },
};

const pixelsOf = ([, height, width]: readonly number[]) => height! * width!;

const toByte = (value: number) => Math.min(255, Math.max(0, Math.round(255 * value)));

function permute(from: Uint8Array, to: Uint8Array, order: Int32Array): void {
  for (let start = 0; start < from.length; start += order.length) {
    for (let i = 0; i < order.length; i++) to[start + i] = from[start + order[i]!]!;
  }
}
