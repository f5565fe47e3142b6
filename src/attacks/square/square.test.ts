import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { randomFrom } from "../../data/random.js";
import { ops, type Tensor, tensor } from "../../torch/index.js";
import type { AttackBatch, Ball } from "../types.js";
import { euclideanMoves } from "./moves.js";
import { square } from "./square.js";
import { twoPyramids } from "./windows.js";

function gray(samples: number, side: number): AttackBatch {
  const images = ops.full([samples, 3, side, side], 0.5, { dtype: "float64" });
  const labels = ops.zeros([samples], { dtype: "int64" });
  return { images, labels, index: Int32Array.from({ length: samples }, (_, i) => 10 + i) };
}

/** The images that a network of constant logits was given. */
function queriesOf(ball: Ball, queries: number, batch: AttackBatch): number[][][] {
  const queried: number[][][] = [];
  const model = (images: Tensor) => {
    queried.push(images.flatten({ startDim: 1 }).toArray() as number[][]);
    return tensor([1, 0, 0, 0], { dtype: "float64" }).expand([images.shape[0] as number, 4]);
  };
  square({ ball, steps: queries }).perturb(model, batch);
  return queried;
}

describe("the Square attack", () => {
  it("changes windows of the published sides, which lie inside the image, constant in each channel", () => {
    const side = 8;
    const [, start, ...rest] = queriesOf({ norm: "inf", epsilon: 0.1 }, 520, gray(1, side));
    const first = start?.[0] as number[];
    const extents = rest.slice(0, 520).map((images) => {
      const changed = [...first.keys()].filter((i) => Math.abs((images[0] as number[])[i]! - first[i]!) > 1e-9);
      const rows = changed.map((i) => Math.floor(i / side) % side);
      const columns = changed.map((i) => i % side);
      const extent = (pixels: number[]) => (pixels.length === 0 ? 0 : Math.max(...pixels) - Math.min(...pixels) + 1);
      return Math.max(extent(rows), extent(columns));
    });
    const widest = (from: number, to: number) => Math.max(...extents.slice(from, to + 1));
    const sides = [widest(0, 10), widest(11, 50), widest(51, 200), widest(201, 500), widest(501, 519)];
    expect(sides).toEqual([0.8, 0.4, 0.2, 0.1, 0.05].map((p) => Math.round(Math.sqrt(p * side * side))));
  });

  it("queries the samples still classified correctly once each, and uses no gradient", () => {
    const batch = gray(6, 5);
    const target = batch.images.select(0, 0).mul(0).add(0.6);
    const queried: number[] = [];
    const model = (images: Tensor) => {
      queried.push(images.shape[0] as number);
      expect(images.requiresGrad).toBe(false);
      const near = images.sub(target).abs().flatten({ startDim: 1 }).mean(1);
      return ops.stack([near.sub(0.06), near.mul(0)], { dim: 1 });
    };
    square({ ball: { norm: "inf", epsilon: 0.1 }, steps: 400 }).perturb(model, batch);
    const [clean, start, ...rest] = queried as [number, number, ...number[]];
    const last = rest.pop();
    expect([clean, start, last]).toEqual([6, 6, 6]);
    expect(rest).toEqual([...rest].sort((a, b) => b - a));
    expect(rest.at(-1)).toBeLessThan(6);
    expect(rest.length).toBeLessThan(400);
  });

  it("refuses options out of range", () => {
    const ball = { norm: "inf", epsilon: 0.1 } as const;
    expect(() => square({ ball, steps: 1.5 })).toThrow("`steps`: received 1.5; expected a whole number of at least 1");
    expect(() => square({ ball, pInit: 1.2 })).toThrow("`pInit`: received 1.2; expected a number from 0 to 1");
  });
});

describe("the Square attack in the 2 norm", () => {
  it("tries images on the ball's surface where the box is far", () => {
    const queried = queriesOf({ norm: "2", epsilon: 0.7 }, 30, gray(2, 9)).slice(1);
    for (const image of queried.flat()) {
      expect(Math.hypot(...image.map((value) => value - 0.5))).toBeCloseTo(0.7, 9);
    }
  });

  it("adds two pyramids, one upside down, of length 1 together", () => {
    const pattern = twoPyramids(5);
    expect(Math.hypot(...pattern)).toBeCloseTo(1, 12);
    expect([...pattern].map(Math.sign)).toEqual([...Array(10).fill(1), ...Array(15).fill(-1)]);
    const peak = pattern.indexOf(Math.min(...pattern));
    expect([Math.floor(peak / 5), peak % 5]).toEqual([3, 2]);
    const step = (k: number) => 1 / (k + 1) ** 2;
    const middle = step(0) + step(1) + step(2);
    expect(pattern[peak]! / pattern[peak + 1]!).toBeCloseTo(middle / (step(1) + step(2)), 12);
  });

  it("moves as a plain loop does", () => {
    const [side, window, epsilon] = [7, 3, 0.6];
    const { images } = gray(1, side);
    const moves = euclideanMoves({ norm: "2", epsilon });
    const point = moves.start(images, [randomFrom(1)]);
    const delta = (point.sub(images).flatten().data() as Float64Array).map((value) => 0.9 * value);
    const moved = moves.propose(images, images.add(tensor(delta, { shape: images.shape })), window, [randomFrom(2)]);
    const random = randomFrom(2);
    const [top, left, fromTop, fromLeft] = Array.from({ length: 4 }, () => random.integer(side - window + 1)) as [
      number,
      number,
      number,
      number,
    ];
    const turned = random.integer(2) === 1;
    const pattern = twoPyramids(window);
    const next = Float64Array.from(delta);
    const spare = epsilon ** 2 - delta.reduce((sum, value) => sum + value ** 2, 0);
    for (let channel = 0; channel < 3; channel++) {
      const sign = random.integer(2) === 0 ? 1 : -1;
      const at = (row: number, column: number) => (channel * side + row) * side + column;
      const cells = Array.from({ length: window ** 2 }, (_, i) => [Math.floor(i / window), i % window] as const);
      const target = cells.map(([row, column]) => at(top + row, left + column));
      const source = cells.map(([row, column]) => at(fromTop + row, fromLeft + column));
      const old = Math.hypot(...target.map((i) => delta[i]!));
      const added = cells.map(([row, column], i) => {
        const shape = pattern[turned ? column * window + row : row * window + column]!;
        return sign * shape + delta[target[i]!]! / (old + 1e-12);
      });
      const union = [...new Set([...target, ...source])];
      const budget = Math.sqrt(spare / 3 + union.reduce((sum, i) => sum + delta[i]! ** 2, 0));
      for (const i of source) next[i] = 0;
      target.forEach((cell, i) => {
        next[cell] = (added[i]! / Math.hypot(...added)) * budget;
      });
    }
    const length = Math.hypot(...next);
    const expected = [...next].map((value) => 0.5 + (epsilon * value) / length);
    expectAllClose(moved.flatten(), expected, { atol: 1e-9 });
  });
});
