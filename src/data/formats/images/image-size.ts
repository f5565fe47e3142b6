// The one size that a set's images are brought to, and whether the set then fits in memory.
import { constants } from "node:buffer";
import { InputError } from "../../../errors.js";

/** An image's sides in pixels, as it is seen (its EXIF orientation applied). */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** The size chosen, and a note for the user. */
export interface ChosenSize extends ImageSize {
  readonly note: string | null;
}

/** The largest side found on its own: that of ImageNet's networks. */
export const largestSide = 224;

/**
 * The size for a set of images: `imageSize` squared where it is given; the images' own where all share one of at most 224
 * pixels a side; else a square of their median short side, at most 224, rounded to what networks halve evenly.
 *
 * Throws `InputError` on an `imageSize` that is no whole number from 4 to 4096.
 */
export function chooseSize(sizes: readonly ImageSize[], imageSize?: number): ChosenSize {
  const distinct = [...new Map(sizes.map((size) => [show(size), size])).values()];
  const [first] = distinct;
  const asIs = distinct.length === 1 && first !== undefined && Math.max(first.height, first.width) <= largestSide;
  if (imageSize === undefined && asIs) return { ...first, note: null };
  const side = imageSize === undefined ? medianSide(sizes) : checkedSide(imageSize);
  const chosen = { height: side, width: side };
  if (distinct.every((size) => show(size) === show(chosen))) return { ...chosen, note: null };
  const found = distinct.length === 1 ? show(first!) : `${distinct.length} sizes`;
  return { ...chosen, note: `images of ${found} were resized to ${show(chosen)} (short side, then center crop)` };
}

/**
 * Throws `InputError` where `count` decoded images of a size need more memory than is free.
 */
export function assertFits(count: number, { height, width }: ImageSize, free = process.availableMemory()): void {
  const needed = count * 3 * height * width;
  if (needed <= Math.min(free, constants.MAX_LENGTH)) return;
  const received = `${count} images of ${show({ height, width })} need ${gigabytes(needed)} decoded`;
  const limit = free < constants.MAX_LENGTH ? `${gigabytes(free)} of memory are free` : "an array holds less";
  throw new InputError(`${received}, and ${limit}; expected fewer images or a smaller imageSize`);
}

function medianSide(sizes: readonly ImageSize[]): number {
  const sides = sizes.map(({ height, width }) => Math.min(height, width)).sort((a, b) => a - b);
  const side = Math.min(sides[Math.floor(sides.length / 2)] ?? largestSide, largestSide);
  const step = side >= 64 ? 32 : 8;
  return Math.max(Math.round(side / step) * step, 8);
}

function checkedSide(imageSize: number): number {
  if (Number.isInteger(imageSize) && imageSize >= 4 && imageSize <= 4096) return imageSize;
  throw new InputError(`imageSize ${imageSize} is out of range; expected a whole number of pixels from 4 to 4096`);
}

function show({ height, width }: ImageSize): string {
  return `${width} x ${height}`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
