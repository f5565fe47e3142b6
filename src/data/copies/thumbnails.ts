// Small copies of images, gray and in color, by which they are compared.
import { setImmediate } from "node:timers/promises";
import { forEachBounded } from "../files.js";
import { decodeImage } from "../formats/images/decode-image.js";
import { pathOf } from "../loader/streamed.js";
import type { HeldSamples, Samples, StreamedSamples } from "../types.js";
import { halved, resampling } from "./resample.js";

/** Sides of the thumbnails, in pixels: each half the one before. */
export const sides = [32, 16, 8] as const;

/** The thumbnails of n images. */
export interface Thumbnails {
  /** Gray, the mean of the channels: (n, 32, 32), (n, 16, 16) and (n, 8, 8), means of pixels. */
  readonly levels: readonly [Float32Array, Float32Array, Float32Array];
  /** Color, (n, 2, 8, 8): R - G, and (R + G) / 2 - B; 0 for images without three channels. */
  readonly colors: Float32Array;
  /** Images that cannot be decoded or are of one gray level, ascending: they are like no other. */
  readonly blank: Int32Array;
}

const [side, , coarse] = sides;
const pixels = side * side;
const cells = coarse * coarse;

/** Held images are averaged over areas; streamed ones are decoded at 32 x 32 pixels. */
export async function thumbnailsOf(samples: Samples): Promise<Thumbnails> {
  const n = samples.labels.length;
  const into = { gray: new Float32Array(n * pixels), colors: new Float32Array(n * 2 * cells) };
  await (samples.kind === "streamed" ? addDecoded(into, samples) : addHeld(into, samples));
  const { gray, colors } = into;
  const half = halved(gray, side);
  const blank = Int32Array.from(samples.labels.keys()).filter((i) =>
    isConstant(gray.subarray(i * pixels, (i + 1) * pixels)),
  );
  return { levels: [gray, half, halved(half, side / 2)], colors, blank };
}

/** Positions of `sides`, the largest first. */
export type Level = 0 | 1 | 2;

/** One image's gray thumbnail. */
export function imageAt({ levels }: Thumbnails, level: Level, i: number): Float32Array {
  const pixels = sides[level] ** 2;
  return levels[level].subarray(i * pixels, (i + 1) * pixels);
}

const isConstant = (values: Float32Array) => values.every((value) => value === values[0]);

/** (n, 32, 32) and (n, 2, 8, 8). */
interface Small {
  readonly gray: Float32Array;
  readonly colors: Float32Array;
}

async function addHeld(into: Small, { values, shape, labels }: HeldSamples): Promise<void> {
  const [channels, height, width] = shape as [number, number, number];
  const resample = resampling(height, width, side);
  const plane = height * width;
  const planes = new Float32Array(channels * pixels);
  for (let i = 0; i < labels.length; i++) {
    for (let c = 0; c < channels; c++) {
      const start = (i * channels + c) * plane;
      resample(values.subarray(start, start + plane), planes.subarray(c * pixels, (c + 1) * pixels));
    }
    addThumbnail(into, i, planes);
    if (i % 4096 === 0) await setImmediate();
  }
}

/** An image that cannot be decoded stays black, which is of one color. */
async function addDecoded(into: Small, samples: StreamedSamples): Promise<void> {
  await forEachBounded(samples.labels.length, 16, async (i) => {
    const shape = { channels: 3, height: side, width: side, depthRanges: samples.depthRanges };
    const planes = await decodeImage(pathOf(samples, i), shape).catch(() => null);
    if (planes !== null) addThumbnail(into, i, planes);
  });
}

/** @param planes (channels, 32, 32) */
function addThumbnail({ gray, colors }: Small, image: number, planes: ArrayLike<number>): void {
  const channels = planes.length / pixels;
  for (let at = 0; at < planes.length; at++) gray[image * pixels + (at % pixels)]! += planes[at]! / channels;
  if (channels !== 3) return;
  const perCell = pixels / cells;
  for (let at = 0; at < pixels; at++) {
    const [y, x] = [Math.floor(at / side), at % side];
    const cell = 2 * image * cells + Math.floor(y * (coarse / side)) * coarse + Math.floor(x * (coarse / side));
    const [r, g, b] = [planes[at]!, planes[pixels + at]!, planes[2 * pixels + at]!];
    colors[cell]! += (r - g) / perCell;
    colors[cell + cells]! += ((r + g) / 2 - b) / perCell;
  }
}
