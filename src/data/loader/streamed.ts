// Streamed samples: their paths, their size, and a decoded subset.
import { resolve } from "node:path";
import { InputError } from "../../errors.js";
import { option } from "../../options/index.js";
import { forEachBounded } from "../files.js";
import { decodeImage, type ImageShape } from "../formats/images/decode-image.js";
import type { ImageSize } from "../formats/images/image-size.js";
import type { HeldSamples, Samples, StreamedSamples } from "../types.js";

/** Image size and channel statistics are estimated from at most this many images. */
export const maxSampled = 1000;

/** At most `maxSampled` of n positions, evenly spread. */
export function evenlySpread(n: number): Int32Array {
  const count = Math.min(n, maxSampled);
  return Int32Array.from({ length: count }, (_, i) => Math.floor((i * n) / count));
}

/** The file of a streamed sample. */
export function pathOf({ folder, files }: StreamedSamples, sample: number): string {
  return resolve(folder, files[sample] as string);
}

/** The height and width of samples. */
export function sidesOf({ shape }: StreamedSamples): ImageSize {
  const [, height, width] = shape as [number, number, number];
  return { height, width };
}

/** The images that streamed files are decoded to. */
export function imageShapeOf(samples: StreamedSamples): ImageShape {
  return { channels: 3, ...sidesOf(samples), depthRanges: samples.depthRanges };
}

/**
 * Decodes some of the samples into memory; those that cannot be decoded are left out.
 * @throws InputError where none can be decoded.
 */
export async function decodedSamples(samples: StreamedSamples, indices: Int32Array): Promise<HeldSamples> {
  const decoded: (Uint8Array | null)[] = new Array(indices.length).fill(null);
  await forEachBounded(indices.length, 16, async (i) => {
    const path = pathOf(samples, indices[i] as number);
    decoded[i] = await decodeImage(path, imageShapeOf(samples)).catch(() => null);
  });
  const kept = indices.filter((_, i) => decoded[i] !== null);
  if (kept.length === 0) throw new InputError(`none of ${indices.length} images can be decoded`);
  const size = 3 * sidesOf(samples).height * sidesOf(samples).width;
  const values = new Uint8Array(kept.length * size);
  decoded.filter((pixels) => pixels !== null).forEach((pixels, i) => void values.set(pixels, i * size));
  const labels = kept.map((sample) => samples.labels[sample] as number);
  return {
    values,
    shape: samples.shape,
    labels,
    files: Array.from(kept, (sample) => samples.files[sample] as string),
  };
}

/** @throws InputError for streamed samples, where `what` needs all pixels at once. */
export function requireHeld(samples: Samples, what: string): asserts samples is HeldSamples {
  if (samples.kind !== "streamed") return;
  throw new InputError(`${what} needs all images in memory; these are streamed: expected ${option("stream", "never")}`);
}
