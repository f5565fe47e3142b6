import { describe, expect, it } from "vitest";
import { randomFrom } from "../../data/index.js";
import { type Tensor, tensor } from "../../torch/index.js";
import type { AttackBatch, Classifier } from "../types.js";
import { fabT } from "./fab.js";
import { projectOntoHyperplane } from "./hyperplanes.js";

const [classes, size] = [4, 12];

/** A linear network, whose boundaries are exactly the hyperplanes that the attack assumes, and an image that it classifies as 0. */
function linear(seed: number): { model: Classifier; batch: AttackBatch; weights: Tensor; bias: Tensor } {
  const random = randomFrom(seed, "linear");
  const normals = (count: number) => Float64Array.from({ length: count }, random.normal);
  const weights = tensor(normals(size * classes), { shape: [size, classes] });
  const image = Float64Array.from({ length: size }, () => 0.2 + 0.6 * random.uniform());
  const images = tensor(image, { shape: [1, 3, 2, 2] });
  const flat = images.reshape([1, size]);
  const logits = Float64Array.from({ length: classes }, (_, i) => (i === 0 ? 1 : random.uniform() - 0.5));
  const bias = tensor(logits, { shape: [1, classes] }).sub(flat.matmul(weights));
  const batch = { images, labels: tensor([0], { dtype: "int64" }), index: Int32Array.of(seed) };
  return { model: (x) => x.flatten({ startDim: 1 }).matmul(weights).add(bias), batch, weights, bias };
}

describe.each(["inf", "2"] as const)("targeted FAB in the %s norm", (norm) => {
  /** The distance to the nearest image that a linear network classifies otherwise. */
  function nearest({ batch, weights, bias }: ReturnType<typeof linear>): number {
    const point = batch.images.reshape([1, size]);
    const distances = Array.from({ length: classes - 1 }, (_, i) => {
      const normal = weights
        .select(1, i + 1)
        .sub(weights.select(1, 0))
        .unsqueeze(0);
      const offset = bias.select(1, 0).sub(bias.select(1, i + 1));
      const shortest = projectOntoHyperplane(norm, point, { normal, offset });
      const reached = normal.mul(point.add(shortest)).sum().sub(offset.sum()).abs().item();
      if (reached > 1e-9) return Number.POSITIVE_INFINITY;
      return (norm === "inf" ? shortest.abs().amax() : shortest.norm()).item();
    });
    return Math.min(...distances);
  }

  it("finds an adversarial example of a linear network in a ball just large enough, and none in one just too small", () => {
    for (let seed = 0; seed < 8; seed++) {
      const task = linear(seed);
      const distance = nearest(task);
      const fooled = (epsilon: number) => {
        const perturbed = fabT({ ball: { norm, epsilon }, steps: 10 }).perturb(task.model, task.batch);
        return task.model(perturbed).argmax().item() !== 0;
      };
      expect([fooled(1.02 * distance), fooled(0.99 * distance)]).toEqual([true, false]);
    }
  });

  it("tries as many classes as requested, the likeliest first", () => {
    const task = linear(1);
    const callsFor = (targets: number) => {
      let calls = 0;
      const model = (images: Tensor) => {
        calls++;
        return task.model(images);
      };
      fabT({ ball: { norm, epsilon: 1e-3 }, steps: 2, targets }).perturb(model, task.batch);
      return calls;
    };
    const [one, two, all, more] = [1, 2, classes - 1, 9].map(callsFor) as [number, number, number, number];
    expect(two - one).toBe(6);
    expect(all - two).toBe(6);
    expect(more - all).toBe(9 - (classes - 1));
  });
});

describe("targeted FAB", () => {
  it("returns the image itself for a network that passes no gradient back", () => {
    const { model, batch } = linear(2);
    const perturbed = fabT({ ball: { norm: "2", epsilon: 5 }, steps: 3 }).perturb((x) => model(x.detach()), batch);
    expect(perturbed.sub(batch.images).abs().amax().item()).toBe(0);
  });

  it("refuses options out of range", () => {
    const ball = { norm: "inf", epsilon: 0.1 } as const;
    expect(() => fabT({ ball, targets: 0 })).toThrow("`targets`: received 0; expected a whole number of at least 1");
    expect(() => fabT({ ball, alphaMax: 2 })).toThrow("`alphaMax`: received 2; expected a number from 0 to 1");
    expect(() => fabT({ ball, eta: -1 })).toThrow("`eta`: received -1");
  });
});
