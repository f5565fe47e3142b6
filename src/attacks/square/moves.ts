// The places that the Square attack tries in either norm: the first ones, and those after a place already won.
import type { Random } from "../../data/index.js";
import { ops, type Tensor, tensor } from "../../torch/index.js";
import { normOf, project } from "../steps/geometry.js";
import type { Ball } from "../types.js";
import { drawn, drawnCorners, drawnSigns, placePatterns, signFrom, twoPyramids, windowMask } from "./windows.js";

export interface Moves {
  /** The first place of each image, one stream of draws a sample. */
  start(clean: Tensor, randoms: readonly Random[]): Tensor;
  /** A place to try instead of `place`, changed in a window of this side. */
  propose(clean: Tensor, place: Tensor, side: number, randoms: readonly Random[]): Tensor;
  /** The side of a window that covers about this share of an image. */
  side(share: number, height: number, width: number): number;
}

/** Vertical stripes at the ball's faces; then windows, each channel of one colour, at the opposite or the same face. */
export function infinityMoves(ball: Ball): Moves {
  return {
    start(clean, randoms) {
      const [, channels, , width] = clean.shape as [number, number, number, number];
      const signs = drawnSigns(randoms, channels * width, clean).reshape([-1, channels, 1, width]);
      return project(clean.add(signs, { alpha: ball.epsilon }), clean, ball);
    },
    propose(clean, place, side, randoms) {
      const mask = windowMask(drawnCorners(randoms, side, clean), side, clean).to(clean.dtype);
      const change = drawnSigns(randoms, clean.shape[1]!, clean).mul(2 * ball.epsilon);
      return project(place.add(mask.mul(change)), clean, ball);
    },
    side: (share, height, width) => Math.min(Math.max(Math.round(Math.sqrt(share * height * width)), 1), height, width),
  };
}

/** Tiles of pyramids; then pyramids in one window, paid for with what lay in another and what the ball has left. */
export function euclideanMoves(ball: Ball): Moves {
  const patternsOf = new Map<number, Float64Array>();
  const patterns = (side: number) => {
    const known = patternsOf.get(side) ?? bothWays(twoPyramids(side), side);
    patternsOf.set(side, known);
    return known;
  };
  const toSphere = (clean: Tensor, delta: Tensor) =>
    project(clean.add(delta.div(normOf(delta, 2).add(least)).mul(ball.epsilon)), clean, ball);
  return {
    start: (clean, randoms) => toSphere(clean, tiles(clean, randoms, patterns)),
    propose(clean, place, side, randoms) {
      const delta = place.sub(clean);
      const [into, from] = [drawnCorners(randoms, side, clean), drawnCorners(randoms, side, clean)];
      const [target, source] = [windowMask(into, side, clean), windowMask(from, side, clean)];
      const which = drawn(randoms, 1, (random) => random.integer(2), clean).to("int64");
      const shapes = tensor(patterns(side), { shape: [2, side, side], dtype: clean.dtype, device: clean.device });
      const pyramids = placePatterns(shapes, which, into, clean).mul(drawnSigns(randoms, clean.shape[1]!, clean));
      const old = unit(delta.mul(target.to(delta.dtype)));
      const added = unit(pyramids.add(old).mul(target.to(delta.dtype)));
      const budget = budgetOf(delta, target.logicalOr(source), ball.epsilon);
      const rest = delta.mul(source.logicalNot().to(delta.dtype));
      return toSphere(clean, ops.where(target, added.mul(budget), rest));
    },
    side(share, height, width) {
      const wanted = Math.max(Math.round(Math.sqrt(share * height * width)), 3);
      return Math.min(wanted + (1 - (wanted % 2)), height, width);
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

/** What a channel of the new window may have: the old ones' length, and its part of what the ball has left. */
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
function bothWays(pattern: Float64Array, side: number): Float64Array {
  const turned = pattern.map((_, cell) => pattern[(cell % side) * side + Math.floor(cell / side)]!);
  return Float64Array.of(...pattern, ...turned);
}

/** About five tiles a side, each of pyramids that lie one way or the other, with a sign of its own in every channel. */
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
          const sign = signFrom(random);
          const plane = (sample * channels + channel) * height;
          for (let cell = 0; cell < side * side; cell++) {
            const place = (plane + top + Math.floor(cell / side)) * width + left + (cell % side);
            values[place] = sign * pattern[first + cell]!;
          }
        }
      }
    }
  }
  return tensor(values, { shape: clean.shape, dtype: clean.dtype, device: clean.device });
}
