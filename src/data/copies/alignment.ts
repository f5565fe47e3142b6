// Where two images lie on each other best: mirrored or not, and shifted.
import { imageAt, sides, type Thumbnails } from "./thumbnails.js";

/** A copy may be shifted by an eighth of the side. */
const shiftFraction = 8;

/** The least correlation of copies; images of smooth skies and seas exceed it too, so that their details decide. */
const leastCorrelation = 0.85;

/** How far the correlation of smaller thumbnails may fall short of it: they are shifted by full pixels only. */
const slack = [0, 0.1, 0.15] as const;

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
 * The alignment of image i of `a` and image j of `b` at which their gray pixels correlate most; null where that is less than 0.85.
 *
 * The best shift is found at 8 x 8 pixels, and refined at 16 x 16 and 32 x 32.
 */
export function alignmentOf(a: Thumbnails, i: number, b: Thumbnails, j: number): Alignment | null {
  const [plain, mirrored] = [false, true].map((side) => bestAlignment(a, i, b, j, side));
  return ((mirrored?.correlation ?? -1) > (plain?.correlation ?? -1) ? mirrored : plain) ?? null;
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

/** Pearson's correlation of a(y + dy, x + dx) and b(y, x) over the pixels that both have; 0 where one is of one color. */
function correlation(a: Float32Array, b: Float32Array, side: number, { mirrored, dx, dy }: Alignment): number {
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
