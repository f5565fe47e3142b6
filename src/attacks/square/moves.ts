// The images that the Square attack tries in either norm: the first ones, and changes of the best so far.
import type { Random } from "../../data/random.js";
import { ops, type Tensor, tensor } from "../../torch/index.js";
import { normOf, project } from "../steps/geometry.js";
import type { Ball } from "../types.js";
import { drawCorners, drawEach, drawSign, drawSigns, placePatterns, twoPyramids, windowMask } from "./windows.js";

export interface Moves {
  /** The first candidate for each image, with one random stream a sample. */
  start(clean: Tensor, randoms: readonly Random[]): Tensor;
  /** A candidate that differs from `best` in a window of this side. */
  propose(clean: Tensor, best: Tensor, side: number, randoms: readonly Random[]): Tensor;
  /** The side of a window that covers about this fraction of an image. */
  side(fraction: number, height: number, width: number): number;
}

/** Vertical stripes at the ball's faces; then windows, each channel constant, at the opposite or the same face. */
export function infinityMoves(ball: Ball): Moves {
  return {
    start(clean, randoms) {
      const [, channels, , width] = clean.shape as [number, number, number, number];
      const signs = drawSigns(randoms, channels * width, clean).reshape([-1, channels, 1, width]);
      return project(clean.add(signs, { alpha: ball.epsilon }), clean, ball);
    },
    propose(clean, best, side, randoms) {
      const mask = windowMask(drawCorners(randoms, side, clean), side, clean).to(clean.dtype);
      const change = drawSigns(randoms, clean.shape[1]!, clean).mul(2 * ball.epsilon);
      return project(best.add(mask.mul(change)), clean, ball);
    },
    side: (fraction, height, width) =>
      Math.min(Math.max(Math.round(Math.sqrt(fraction * height * width)), 1), height, width),
  };
}

/** Tiles of pyramids; then pyramids in one window, whose norm comes from another window and the rest of the ball. */
export function euclideanMoves(ball: Ball): Moves {
  const patternsOf = new Map<number, Float64Array>();
  const patterns = (side: number) => {
    const pattern = patternsOf.get(side) ?? withTranspose(twoPyramids(side), side);
    patternsOf.set(side, pattern);
    return pattern;
  };
  const toSphere = (clean: Tensor, delta: Tensor) =>
    project(clean.add(delta.div(normOf(delta, 2).add(least)).mul(ball.epsilon)), clean, ball);
  return {
    start: (clean, randoms) => toSphere(clean, tiles(clean, randoms, patterns)),
    propose(clean, best, side, randoms) {
      const delta = best.sub(clean);
      const [into, from] = [drawCorners(randoms, side, clean), drawCorners(randoms, side, clean)];
      const [target, source] = [windowMask(into, side, clean), windowMask(from, side, clean)];
      const which = drawEach(randoms, 1, (random) => random.integer(2), clean).to("int64");
      const shapes = tensor(patterns(side), { shape: [2, side, side], dtype: clean.dtype, device: clean.device });
      const pyramids = placePatterns(shapes, which, into, clean).mul(drawSigns(randoms, clean.shape[1]!, clean));
      const old = unit(delta.mul(target.to(delta.dtype)));
      const added = unit(pyramids.add(old).mul(target.to(delta.dtype)));
      const budget = budgetOf(delta, target.logicalOr(source), ball.epsilon);
      const rest = delta.mul(source.logicalNot().to(delta.dtype));
      return toSphere(clean, ops.where(target, added.mul(budget), rest));
    },
    side(fraction, height, width) {
      const rounded = Math.max(Math.round(Math.sqrt(fraction * height * width)), 3);
      return Math.min(rounded + (1 - (rounded % 2)), height, width);
    },
  };
}

const least = 1e-12;

/** |v| of every sample and channel, (n, channels, 1, 1). */
function channelNorm(vectors: Tensor): Tensor {
  return vectors.square().sum([2, 3], { keepdim: true }).sqrt();
}

function unit(vectors: Tensor): Tensor {
  return vectors.div(channelNorm(vectors).add(least));
}

/** The norm of a channel in the new window: that of both old windows, and its part of what the ball has left. */
function budgetOf(delta: Tensor, windows: Tensor, epsilon: number): Tensor {
  const left = normOf(delta, 2)
    .square()
    .neg()
    .add(epsilon ** 2)
    .clampMin(0)
    .div(delta.shape[1] as number);
  return channelNorm(delta.mul(windows.to(delta.dtype)))
    .square()
    .add(left)
    .sqrt();
}

/** A pattern and its transpose, (2, side, side). */
function withTranspose(pattern: Float64Array, side: number): Float64Array {
  const transposed = pattern.map((_, cell) => pattern[(cell % side) * side + Math.floor(cell / side)]!);
  return Float64Array.of(...pattern, ...transposed);
}

/** About five tiles a side, each of pyramids in one of two orientations, with a random sign in every channel. */
function tiles(clean: Tensor, randoms: readonly Random[], patterns: (side: number) => Float64Array): Tensor {
  const [samples, channels, height, width] = clean.shape as [number, number, number, number];
  const side = Math.max(Math.floor(Math.min(height, width) / 5), 1);
  const pattern = patterns(side);
  const values = new Float64Array(clean.size);
  const margins = [height, width].map((size) => Math.floor((size % side) / 2)) as [number, number];
  for (let sample = 0; sample < samples; sample++) {
    const random = randoms[sample]!;
    for (let top = margins[0]; top + side <= height; top += side) {
      for (let left = margins[1]; left + side <= width; left += side) {
        const first = random.integer(2) * side * side;
        for (let channel = 0; channel < channels; channel++) {
          const sign = drawSign(random);
          const plane = (sample * channels + channel) * height;
          for (let cell = 0; cell < side * side; cell++) {
            const pixel = (plane + top + Math.floor(cell / side)) * width + left + (cell % side);
            values[pixel] = sign * pattern[first + cell]!;
          }
        }
      }
    }
  }
  return tensor(values, { shape: clean.shape, dtype: clean.dtype, device: clean.device });
}
