import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { type Tensor, tensor } from "../../torch/index.js";
import type { AttackBatch, Ball } from "../types.js";
import { normOf, project, randomStarts, steepest } from "./geometry.js";

const inf: Ball = { norm: "inf", epsilon: 0.1 };
const two: Ball = { norm: "2", epsilon: 0.5 };
const float64 = { dtype: "float64" } as const;

/** Gray images far from 0 and 1, of one channel. */
function grays(index: number[], side = 4): AttackBatch {
  const images = tensor(new Float64Array(index.length * side ** 2).fill(0.5), { shape: [index.length, 1, side, side] });
  return { images, labels: tensor(index, { dtype: "int64" }), index: Int32Array.from(index) };
}

describe("the ball", () => {
  it("projects pixel by pixel or along the line to the image, and into [0, 1]", () => {
    const clean = tensor(
      [
        [0.5, 0.05],
        [0.5, 0.5],
      ],
      float64,
    );
    const tried = tensor(
      [
        [0.7, -0.2],
        [0.55, 0.45],
      ],
      float64,
    );
    expectAllClose(project(tried, clean, inf), [
      [0.6, 0],
      [0.55, 0.45],
    ]);
    const far = tensor(
      [
        [0.5 + 0.6, 0.05 + 0.8],
        [0.5, 0.5],
      ],
      float64,
    );
    expectAllClose(project(far, clean, two), [
      [0.8, 0.45],
      [0.5, 0.5],
    ]);
  });

  it("leaves the images alone where its radius is 0, in both norms", () => {
    const clean = tensor([[0.5, 0.05]], float64);
    const tried = tensor([[0.9, 0.4]], float64);
    for (const norm of ["inf", "2"] as const) expectAllClose(project(tried, clean, { norm, epsilon: 0 }), clean);
  });

  it("is ascended by signs, or by the gradient at length 1, and not at all where the gradient is zero", () => {
    const gradient = tensor(
      [
        [3, -4],
        [0, 0],
      ],
      float64,
    );
    expectAllClose(steepest(gradient, "inf"), [
      [1, -1],
      [0, 0],
    ]);
    expectAllClose(steepest(gradient, "2"), [
      [0.6, -0.8],
      [0, 0],
    ]);
  });
});

describe("random starts", () => {
  const key = { seed: 1, attack: "some", restart: 0 };
  const delta = (batch: AttackBatch, ball: Ball, other = {}) =>
    randomStarts(batch, ball, { ...key, ...other }).sub(batch.images);
  const samples = Array.from({ length: 400 }, (_, i) => i);

  it("fill the ball uniformly: half of them in the middle that has half of its volume", () => {
    const half = (distances: Tensor, radius: number) => distances.lt(radius).to("float64").mean().item();
    const each = delta(grays(samples), inf).abs();
    expect(each.amax().item()).toBeLessThanOrEqual(0.1);
    expect(half(each, 0.05)).toBeGreaterThan(0.48);
    expect(half(each, 0.05)).toBeLessThan(0.52);
    const lengths = normOf(delta(grays(samples), two), 2);
    expect(lengths.amax().item()).toBeLessThanOrEqual(0.5);
    expect(half(lengths, 0.5 * 0.5 ** (1 / 16))).toBeGreaterThan(0.42);
    expect(half(lengths, 0.5 * 0.5 ** (1 / 16))).toBeLessThan(0.58);
  });

  it("depend on the sample, not on its batch, and change with the seed, the attack and the restart", () => {
    for (const ball of [inf, two]) {
      const together = delta(grays([3, 8, 5]), ball);
      expectAllClose(delta(grays([5, 3]), ball), together.indexSelect(0, tensor([2, 0], { dtype: "int64" })));
      for (const other of [{ seed: 2 }, { attack: "other" }, { restart: 1 }]) {
        expect(
          delta(grays([3, 8, 5]), ball, other)
            .sub(together)
            .abs()
            .amin()
            .item(),
        ).toBeGreaterThan(0);
      }
    }
  });

  it("are not clamped to [0, 1]", () => {
    const batch = grays([1, 2]);
    const white = { ...batch, images: batch.images.add(0.5) };
    expect(randomStarts(white, inf, key).amax().item()).toBeGreaterThan(1);
  });
});
