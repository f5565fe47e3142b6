// The random windows of the Square attack, one a sample, and the patterns in them.
import type { Random } from "../../data/random.js";
import { ops, type Tensor, tensor } from "../../torch/index.js";

/** One corner a sample, (n, 1, 1, 1) int64 each. */
export interface Corners {
  readonly top: Tensor;
  readonly left: Tensor;
}

/** `per` draws for every sample, as a tensor (n, per, 1, 1). */
export function drawEach(
  randoms: readonly Random[],
  per: number,
  draw: (random: Random) => number,
  like: Tensor,
): Tensor {
  const values = new Float64Array(randoms.length * per);
  randoms.forEach((random, i) => {
    for (let j = 0; j < per; j++) values[i * per + j] = draw(random);
  });
  return tensor(values, { shape: [randoms.length, per, 1, 1], dtype: like.dtype, device: like.device });
}

/** 1 or -1 for every sample and channel. */
export function drawSigns(randoms: readonly Random[], channels: number, like: Tensor): Tensor {
  return drawEach(randoms, channels, drawSign, like);
}

export function drawSign(random: Random): number {
  return random.integer(2) === 0 ? 1 : -1;
}

/** The position of a square window of this side in each image. */
export function drawCorners(randoms: readonly Random[], side: number, images: Tensor): Corners {
  const [height, width] = images.shape.slice(2) as [number, number];
  const corner = (size: number) =>
    drawEach(randoms, 1, (random) => random.integer(size - side + 1), images).to("int64");
  return { top: corner(height), left: corner(width) };
}

/** (n, 1, height, width) bool: the pixels of each image's window. */
export function windowMask({ top, left }: Corners, side: number, images: Tensor): Tensor {
  const within = (at: Tensor, corner: Tensor) => at.ge(corner).logicalAnd(at.lt(corner.add(side)));
  const { rows, columns } = pixelGrid(images);
  return within(rows, top).logicalAnd(within(columns, left));
}

/**
 * (n, 1, height, width): in each image's window the pattern with the given number, elsewhere arbitrary values.
 * `patterns` is (k, side, side), `which` (n, 1, 1, 1) int64.
 */
export function placePatterns(patterns: Tensor, which: Tensor, { top, left }: Corners, images: Tensor): Tensor {
  const side = patterns.shape[1] as number;
  const { rows, columns } = pixelGrid(images);
  const cell = (at: Tensor, corner: Tensor) => at.sub(corner).clamp({ min: 0, max: side - 1 });
  const cells = which.mul(side).add(cell(rows, top)).mul(side).add(cell(columns, left));
  return patterns.flatten().indexSelect(0, cells.flatten().to("int64")).reshape(cells.shape);
}

function pixelGrid(images: Tensor): { rows: Tensor; columns: Tensor } {
  const [height, width] = images.shape.slice(2) as [number, number];
  const count = (size: number) => ops.arange(size, { dtype: "int64", device: images.device });
  return { rows: count(height).reshape([1, 1, height, 1]), columns: count(width).reshape([1, 1, 1, width]) };
}

/**
 * The pattern that the 2-norm attack adds to a window of this side, row-major and of length 1: two pyramids one above the other,
 * one of them negative, each step k from a pyramid's center adding 1 / (k + 1)^2 to what it encloses.
 * @see Andriushchenko et al. 2020, section 3.4 (arXiv 1912.00049)
 */
export function twoPyramids(side: number): Float64Array {
  const half = Math.floor(side / 2);
  const above = pyramid(half, side);
  const below = pyramid(side - half, side).map((value) => -value);
  return unitLength(Float64Array.of(...above, ...below));
}

function pyramid(height: number, width: number): Float64Array {
  const [middleRow, middleColumn] = [Math.floor(height / 2), Math.floor(width / 2)];
  const steps = Math.max(middleRow, middleColumn) + 1;
  const values = Float64Array.from({ length: height * width }, (_, cell) => {
    const row = Math.abs(Math.floor(cell / width) - middleRow);
    const column = Math.abs((cell % width) - middleColumn);
    let sum = 0;
    for (let k = Math.max(row, column); k < steps; k++) sum += 1 / (k + 1) ** 2;
    return sum;
  });
  return unitLength(values);
}

function unitLength(values: Float64Array): Float64Array {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return values.map((value) => value / length);
}
