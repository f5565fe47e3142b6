// The statistics of every image of a part: of the original files where there are some, else of the pixels in memory.
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import {
  decodePixels,
  forEachBounded,
  type HeldSamples,
  imageBytes,
  imageExists,
  imageSizeOf,
  type PixelRange,
  pixelRangeOf,
  type Samples,
  UNIT_RANGE,
} from "../../data/index.js";
import { type PixelStatistics, type Pixels, pixelStatistics } from "./statistics.js";

export interface ImageMeasures extends PixelStatistics {
  /** Of the original, in pixels. */
  readonly width: number;
  readonly height: number;
  /** The size of the file; NaN for pixels in memory. */
  readonly bytes: number;
}

/** Files are decoded to at most this many pixels on the long side. */
const longSide = 128;

/** Of each sample; null where it cannot be decoded. `folder` is where the files are, if it is known. Sixteen files at most are decoded at a time. */
export async function measureImages(samples: Samples, folder: string | undefined): Promise<(ImageMeasures | null)[]> {
  const root = samples.kind === "streamed" ? samples.folder : folder;
  return samples.files !== undefined && root !== undefined && imageExists(resolve(root, samples.files[0] ?? ""))
    ? measureFiles(
        samples.files.map((file) => resolve(root, file)),
        samples.depthRanges,
      )
    : measureHeld(samples);
}

async function measureFiles(
  paths: readonly string[],
  ranges: Samples["depthRanges"],
): Promise<(ImageMeasures | null)[]> {
  const measured: (ImageMeasures | null)[] = new Array(paths.length).fill(null);
  await forEachBounded(paths.length, Math.min(16, 2 * availableParallelism()), async (i) => {
    measured[i] = await measureFile(paths[i]!, ranges).catch(() => null);
  });
  return measured;
}

async function measureFile(path: string, depthRanges: Samples["depthRanges"]): Promise<ImageMeasures> {
  const [{ width, height }, bytes] = await Promise.all([imageSizeOf(path), imageBytes(path)]);
  const scale = Math.min(1, longSide / Math.max(width, height));
  const shape = {
    channels: 3,
    height: Math.max(1, Math.round(height * scale)),
    width: Math.max(1, Math.round(width * scale)),
    depthRanges,
  };
  return { width, height, bytes, ...pixelStatistics({ values: await decodePixels(path, shape), ...shape }) };
}

async function measureHeld(samples: Samples): Promise<(ImageMeasures | null)[]> {
  if (samples.kind === "streamed") throw new TypeError("streamed samples are files");
  const [, height = 1, width = 1] = samples.shape;
  const range = samples.values instanceof Uint8Array ? ([0, 255] as const) : (pixelRangeOf(samples) ?? UNIT_RANGE);
  const measured: ImageMeasures[] = [];
  for (let i = 0; i < samples.labels.length; i++) {
    measured.push({ width, height, bytes: Number.NaN, ...pixelStatistics(heldPixels(samples, i, range)) });
    if (i % 1024 === 1023) await setImmediate();
  }
  return measured;
}

/** (channels, height, width) to (height, width, 3); values of the range to bytes, one channel to three. */
function heldPixels({ values, shape }: HeldSamples, sample: number, [low, high]: PixelRange): Pixels {
  const [channels = 1, height = 1, width = 1] = shape;
  const plane = height * width;
  const start = sample * channels * plane;
  const scale = 255 / (high - low);
  const pixels = new Uint8ClampedArray(3 * plane);
  for (let i = 0; i < plane; i++) {
    for (let channel = 0; channel < 3; channel++) {
      pixels[3 * i + channel] = scale * (values[start + Math.min(channel, channels - 1) * plane + i]! - low);
    }
  }
  return { values: new Uint8Array(pixels.buffer), height, width };
}
