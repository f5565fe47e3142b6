// Small gray copies of images, by which they are compared.
import { setImmediate } from "node:timers/promises";
import { forEachBounded } from "../files.js";
import { decodePixels } from "../formats/images/decode-image.js";
import { pathOf } from "../loader/streamed.js";
import type { HeldSamples, Samples, StreamedSamples } from "../types.js";

/** Sides of the thumbnails, in pixels: each half the one before. */
export const sides = [32, 16, 8] as const;

/** The gray thumbnails of n images. */
export interface Thumbnails {
  /** (n, 32, 32), (n, 16, 16) and (n, 8, 8): means of pixels. */
  readonly levels: readonly [Float32Array, Float32Array, Float32Array];
  /** Images that cannot be decoded or are of one color, ascending: they are like no other. */
  readonly blank: Int32Array;
}

const [side] = sides;
const pixels = side * side;

/** Held images are averaged over their channels and areas; streamed ones are decoded at this size. */
export async function thumbnailsOf(samples: Samples): Promise<Thumbnails> {
  const full = samples.kind === "streamed" ? await decodedThumbnails(samples) : await heldThumbnails(samples);
  const half = halved(full, side);
  const blank = Int32Array.from(samples.labels.keys()).filter((i) =>
    isConstant(full.subarray(i * pixels, (i + 1) * pixels)),
  );
  return { levels: [full, half, halved(half, side / 2)], blank };
}

const isConstant = (values: Float32Array) => values.every((value) => value === values[0]);

async function heldThumbnails({ values, shape, labels }: HeldSamples): Promise<Float32Array> {
  const [channels, height, width] = shape as [number, number, number];
  const resample = resampling(height, width);
  const gray = new Float32Array(height * width);
  const full = new Float32Array(labels.length * pixels);
  for (let i = 0; i < labels.length; i++) {
    const start = i * channels * gray.length;
    gray.fill(0);
    for (let c = 0, at = start; c < channels; c++) {
      for (let j = 0; j < gray.length; j++, at++) gray[j]! += values[at]! / channels;
    }
    resample(gray, full.subarray(i * pixels, (i + 1) * pixels));
    if (i % 4096 === 0) await setImmediate();
  }
  return full;
}

/** An image that cannot be decoded stays black, which is of one color. */
async function decodedThumbnails(samples: StreamedSamples): Promise<Float32Array> {
  const full = new Float32Array(samples.labels.length * pixels);
  await forEachBounded(samples.labels.length, 16, async (i) => {
    const shape = { channels: 1, height: side, width: side, depthRanges: samples.depthRanges };
    const decoded = await decodePixels(pathOf(samples, i), shape).catch(() => null);
    if (decoded !== null) full.set(decoded, i * pixels);
  });
  return full;
}

/** Area averages, (height, width) -> (32, 32): along the rows, then along the columns. */
function resampling(height: number, width: number) {
  const [across, down] = [areas(width), areas(height)];
  const narrow = new Float32Array(height * side);
  return (from: Float32Array, to: Float32Array) => {
    if (height === side && width === side) return to.set(from);
    for (let y = 0; y < height; y++) {
      across.forEach((area, x) => {
        narrow[y * side + x] = area.reduce((sum, { at, weight }) => sum + weight * from[y * width + at]!, 0);
      });
    }
    down.forEach((area, y) => {
      for (let x = 0; x < side; x++) {
        to[y * side + x] = area.reduce((sum, { at, weight }) => sum + weight * narrow[at * side + x]!, 0);
      }
    });
  };
}

/** The pixels of a line that each of 32 thumbnail pixels covers, with weights that add up to 1. */
function areas(length: number): { readonly at: number; readonly weight: number }[][] {
  const scale = length / side;
  return Array.from({ length: side }, (_, i) => {
    const [from, to] = [i * scale, (i + 1) * scale];
    const covered = Array.from({ length: Math.ceil(to) - Math.floor(from) }, (_, k) => Math.floor(from) + k);
    return covered
      .map((at) => ({ at, weight: (Math.min(to, at + 1) - Math.max(from, at)) / scale }))
      .filter(({ at, weight }) => weight > 0 && at < length);
  });
}

/** Means of 2 x 2 pixels: (n, s, s) -> (n, s / 2, s / 2). */
function halved(from: Float32Array, size: number): Float32Array {
  const to = new Float32Array(from.length / 4);
  const rows = from.length / size;
  for (let y = 0, at = 0; y < rows; y += 2) {
    for (let x = y * size; x < (y + 1) * size; x += 2, at++) {
      to[at] = (from[x]! + from[x + 1]! + from[x + size]! + from[x + size + 1]!) / 4;
    }
  }
  return to;
}
