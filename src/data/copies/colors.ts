// Whether two images that are alike in gray are of the same colors.
import type { Alignment } from "./alignment.js";
import { imageAt, sides, type Thumbnails } from "./thumbnails.js";

const [full, , side] = sides;
const cells = side * side;

/** The least that the colors of a pale copy, such as an overexposed or faded one, are of the original's. */
const leastStrength = 1 / 2;

/**
 * How far the colors of image i of `a` and image j of `b` are apart at an alignment of their 32 x 32 pixels, from 0: over the 8 x 8
 * means that both have, the root mean square of
 *
 *     u_a - f u_b        u = c / sqrt(Var g + mean c^2), with g the gray means and c both color means, R - G and (R + G) / 2 - B
 *
 * with a the paler image (of the smaller mean u^2), and the f from 1/2 to 1 at which that is least. So neither brightness nor contrast
 * changes it, nor the loss of half of the colors.
 */
export function colorDistance(a: Thumbnails, i: number, b: Thumbnails, j: number, alignment: Alignment): number {
  const pairs = overlap(alignment);
  const ofA = relativeColors(
    a,
    i,
    pairs.map(([at]) => at),
  );
  const ofB = relativeColors(
    b,
    j,
    pairs.map(([, at]) => at),
  );
  const [pale, strong] = dot(ofA, ofA) < dot(ofB, ofB) ? [ofA, ofB] : [ofB, ofA];
  const strength = Math.max(leastStrength, dot(pale, strong) / (dot(strong, strong) || 1));
  const rest = pale.map((value, k) => value - strength * strong[k]!);
  return Math.sqrt(dot(rest, rest) / rest.length);
}

const dot = (p: readonly number[], q: readonly number[]) => p.reduce((sum, value, k) => sum + value * q[k]!, 0);

/** Both colors at these cells, relative to the contrast of gray and colors; 0 for an image of one gray level. */
function relativeColors(thumbnails: Thumbnails, image: number, at: readonly number[]): number[] {
  const start = 2 * image * cells;
  const colors = [0, cells].flatMap((plane) => at.map((cell) => thumbnails.colors[start + plane + cell]!));
  const contrast = Math.sqrt(variance(thumbnails, image, at) + dot(colors, colors) / colors.length) || 1;
  return colors.map((color) => color / contrast);
}

/** The cells a(y + dy, x + dx) and b(y, x) that both images have. */
function overlap({ mirrored, dx, dy }: Alignment): (readonly [inA: number, inB: number])[] {
  const [down, across] = [Math.round((dy * side) / full), Math.round((dx * side) / full)];
  return Array.from({ length: cells }, (_, cell) => [Math.floor(cell / side), cell % side] as const)
    .filter(([y, x]) => y + down >= 0 && y + down < side && x + across >= 0 && x + across < side)
    .map(([y, x]) => [(y + down) * side + x + across, y * side + (mirrored ? side - 1 - x : x)]);
}

/** Of an image's gray means at these cells. */
function variance(thumbnails: Thumbnails, image: number, at: readonly number[]): number {
  const gray = imageAt(thumbnails, 2, image);
  const values = at.map((cell) => gray[cell]!);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
