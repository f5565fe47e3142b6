// How much two images are alike, whatever their brightness, contrast, mirroring and small shifts.
import { sides, type Thumbnails } from "./thumbnails.js";

/** A copy may be shifted by an eighth of the side. */
const shiftFraction = 8;

/** The least correlation of copies; images of smooth skies and seas exceed it too, so that their details decide. */
const leastCorrelation = 0.85;

/** How far the correlation of smaller thumbnails may fall short of it: they are shifted by full pixels only. */
const slack = [0, 0.1, 0.15] as const;

/** Details are what differs from the mean of 9 x 9 pixels, fewer at the borders. */
const detailRadius = 4;

/** Positions of `sides`, the largest first. */
type Level = 0 | 1 | 2;

/** The second of two thumbnails is mirrored or not, and shifted by (dx, dy). */
export interface Alignment {
  readonly mirrored: boolean;
  readonly dx: number;
  readonly dy: number;
}

interface Aligned extends Alignment {
  readonly correlation: number;
}

/**
 * The similarity of image i of `a` and image j of `b`, from 0 to 1: the correlation of their details where they overlap, each image
 * less its mean over 9 x 9 pixels, at the alignment (mirrored left to right or not, shifted by up to an eighth of the side) at
 * which their gray pixels correlate most. 0 where those correlate by less than 0.85.
 *
 * Correlations are Pearson's, which neither brightness nor contrast changes. The best shift is found at 8 x 8 pixels, and refined
 * at 16 x 16 and 32 x 32.
 */
export function similarityOf(a: Thumbnails, i: number, b: Thumbnails, j: number): number {
  const [plain, mirrored] = [false, true].map((side) => bestAlignment(a, i, b, j, side));
  const best = (mirrored?.correlation ?? -1) > (plain?.correlation ?? -1) ? mirrored : plain;
  if (!best) return 0;
  return Math.max(0, Math.min(1, detailCorrelation(imageAt(a, 0, i), imageAt(b, 0, j), sides[0], best)));
}

/** Coarse to fine; null where the images do not correlate enough. */
function bestAlignment(a: Thumbnails, i: number, b: Thumbnails, j: number, mirrored: boolean): Aligned | null {
  let best: Aligned = { mirrored, dx: 0, dy: 0, correlation: 0 };
  for (const level of [2, 1, 0] as const) {
    best = bestNear(imageAt(a, level, i), imageAt(b, level, j), sides[level], {
      mirrored,
      dx: 2 * best.dx,
      dy: 2 * best.dy,
    });
    if (best.correlation < leastCorrelation - slack[level]) return null;
  }
  return best;
}

/** The best of the shifts at most a pixel from one. */
function bestNear(a: Float32Array, b: Float32Array, side: number, { mirrored, dx, dy }: Alignment): Aligned {
  const most = side / shiftFraction;
  let best: Aligned = { mirrored, dx, dy, correlation: -1 };
  for (let y = Math.max(-most, dy - 1); y <= Math.min(most, dy + 1); y++) {
    for (let x = Math.max(-most, dx - 1); x <= Math.min(most, dx + 1); x++) {
      const found = correlation(a, b, side, { mirrored, dx: x, dy: y });
      if (found > best.correlation) best = { mirrored, dx: x, dy: y, correlation: found };
    }
  }
  return best;
}

function imageAt({ levels }: Thumbnails, level: Level, i: number): Float32Array {
  const pixels = sides[level] ** 2;
  return levels[level].subarray(i * pixels, (i + 1) * pixels);
}

/** Pearson's correlation of a(y + dy, x + dx) and b(y, x) over the pixels that both have; 0 where one is of one color. */
export function correlation(a: Float32Array, b: Float32Array, side: number, { mirrored, dx, dy }: Alignment): number {
  const [fromX, toX] = [Math.max(0, -dx), Math.min(side, side - dx)];
  const [fromY, toY] = [Math.max(0, -dy), Math.min(side, side - dy)];
  const step = mirrored ? -1 : 1;
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let y = fromY; y < toY; y++) {
    let inA = (y + dy) * side + dx + fromX;
    let inB = y * side + (mirrored ? side - 1 - fromX : fromX);
    for (let x = fromX; x < toX; x++, inA++, inB += step) {
      const [p, q] = [a[inA]!, b[inB]!];
      sumA += p;
      sumB += q;
      squaresA += p * p;
      squaresB += q * q;
      products += p * q;
    }
  }
  const count = (toX - fromX) * (toY - fromY);
  const variances = (squaresA - (sumA * sumA) / count) * (squaresB - (sumB * sumB) / count);
  return variances > 1e-9 ? (products - (sumA * sumB) / count) / Math.sqrt(variances) : 0;
}

/** The correlation of the overlaps, each less its mean over 9 x 9 pixels. */
export function detailCorrelation(a: Float32Array, b: Float32Array, side: number, { mirrored, dx, dy }: Alignment) {
  const window = { width: side - Math.abs(dx), height: side - Math.abs(dy), step: 1 };
  const startA = Math.max(0, dy) * side + Math.max(0, dx);
  const [topB, leftB] = [Math.max(0, -dy), Math.max(0, -dx)];
  const startB = topB * side + (mirrored ? side - 1 - leftB : leftB);
  const ofA = details(a, side, startA, window);
  const ofB = details(b, side, startB, { ...window, step: mirrored ? -1 : 1 });
  let [products, squaresA, squaresB] = [0, 0, 0];
  for (let k = 0; k < ofA.length; k++) {
    products += ofA[k]! * ofB[k]!;
    squaresA += ofA[k]! ** 2;
    squaresB += ofB[k]! ** 2;
  }
  return products / Math.sqrt(squaresA * squaresB || 1);
}

/** The pixels that are compared, in steps of 1 along the rows, or -1 for a mirrored image. */
interface Window {
  readonly width: number;
  readonly height: number;
  readonly step: number;
}

/**
 * (height, width): each pixel less the mean of those at most four rows and columns away; less far at the borders, by as much on both
 * sides, so that a linear gradient has no details.
 */
function details(image: Float32Array, side: number, start: number, { width, height, step }: Window): Float64Array {
  const stride = width + 1;
  /** At (y, x) the sum of what is above and to the left of it. */
  const sums = new Float64Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0, row = 0, at = start + y * side; x < width; x++, at += step) {
      row += image[at]!;
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1]! + row;
    }
  }
  const found = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    const down = Math.min(detailRadius, y, height - 1 - y);
    const [top, bottom] = [y - down, y + down + 1];
    for (let x = 0, at = start + y * side; x < width; x++, at += step) {
      const across = Math.min(detailRadius, x, width - 1 - x);
      const [left, right] = [x - across, x + across + 1];
      const sum =
        sums[bottom * stride + right]! -
        sums[top * stride + right]! -
        sums[bottom * stride + left]! +
        sums[top * stride + left]!;
      found[y * width + x] = image[at]! - sum / ((bottom - top) * (right - left));
    }
  }
  return found;
}
