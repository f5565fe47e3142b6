// Something done for each of many image files, a few at a time.
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { forEachBounded } from "../../files.js";
import { listed } from "../../listed.js";
import { whyNotDecoded } from "./decode-image.js";
import { isByte } from "./deep-pixels.js";
import type { ImageSize } from "./image-size.js";
import { openImage } from "./open-image.js";

/** An image to decode. */
export interface ImageEntry {
  /** What the user knows it by: its path, from the folder of the set. */
  readonly file: string;
  readonly label: number;
  /** Part of the training list, but for validation. */
  readonly isValidation?: boolean;
}

/** An image that cannot be decoded. */
export interface Failure {
  readonly file: string;
  readonly reason: string;
}

export type OnFailure = (failure: Failure) => void;

/** Runs a task for each image; failures are reported in the images' order. */
export async function forEachImage(
  folder: string,
  entries: readonly ImageEntry[],
  fail: OnFailure,
  task: (path: string, i: number) => Promise<void>,
): Promise<void> {
  const reasons = new Map<number, string>();
  await forEachBounded(entries.length, 2 * availableParallelism(), async (i) => {
    const path = resolve(folder, entries[i]!.file);
    try {
      await task(path, i);
    } catch (error) {
      reasons.set(i, await whyNotDecoded(path, error as Error));
    }
  });
  for (const i of [...reasons.keys()].sort((a, b) => a - b)) {
    fail({ file: entries[i]!.file, reason: reasons.get(i)! });
  }
}

export interface MeasuredImage extends ImageSize {
  /** Whether it has more than 8 bits a value. */
  readonly isDeep: boolean;
}

/** The size of each image as it is seen, of those that have one. */
export async function measureImages(folder: string, entries: readonly ImageEntry[], fail: OnFailure) {
  const found: (MeasuredImage | null)[] = new Array(entries.length).fill(null);
  await forEachImage(folder, entries, fail, async (path, i) => {
    found[i] = await measured(path);
  });
  return new Map(entries.flatMap((entry, i): [ImageEntry, MeasuredImage][] => (found[i] ? [[entry, found[i]]] : [])));
}

/** The size of an image as it is seen. Throws sharp's error for what is no image, and for HEIC. */
export async function imageSizeOf(path: string): Promise<ImageSize> {
  const { height, width } = await measured(path);
  return { height, width };
}

async function measured(path: string): Promise<MeasuredImage> {
  const { autoOrient, compression, depth = "uchar" } = await (await openImage(path)).metadata();
  // The header is read, the pixels are not: sharp comes without a decoder of HEIC's.
  if (compression === "hevc") throw new Error("compressed by HEVC");
  return { ...autoOrient, isDeep: !isByte(depth) };
}

/** Some of the failures, in a few words. */
export function showFailures(failures: readonly Failure[]): string {
  return listed(failures.map(({ file, reason }) => `${file} (${reason})`));
}
