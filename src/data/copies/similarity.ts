// How much two images are alike, whatever their brightness, contrast, mirroring and small shifts.
import { type Alignment, alignmentOf } from "./alignment.js";
import { colorDistance } from "./colors.js";
import { imageAt, sides, type Thumbnails } from "./thumbnails.js";

/** The most that the colors of copies are apart; chosen on copies of CIFAR-10 and drawings: docs/label-issues.md. */
const mostColorDistance = 0.45;

/** Details are what differs from the mean of 9 x 9 pixels, fewer at the borders. */
const detailRadius = 4;

/**
 * The similarity of image i of `a` and image j of `b`, from 0 to 1: the correlation of their details where they overlap, each image
 * less its mean over 9 x 9 pixels, at the alignment (mirrored left to right or not, shifted by up to an eighth of the side) at
 * which their gray pixels correlate most. 0 where those correlate by less than 0.85, and where the colors are more than 0.45 apart
 * (`colorDistance`).
 *
 * Correlations are Pearson's, which neither brightness nor contrast changes.
 */
export function similarityOf(a: Thumbnails, i: number, b: Thumbnails, j: number): number {
  const best = alignmentOf(a, i, b, j);
  if (best === null || colorDistance(a, i, b, j, best) > mostColorDistance) return 0;
  return Math.max(0, Math.min(1, detailCorrelation(imageAt(a, 0, i), imageAt(b, 0, j), sides[0], best)));
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
