import { describe, expect, it } from "vitest";
import { randomFrom } from "../data/index.js";
import { type Tensor, tensor } from "../torch/index.js";
import { deepFool } from "./deep-fool.js";
import type { AttackBatch, Classifier } from "./types.js";

const [samples, classes, size] = [6, 4, 12];
const shape = [samples, 3, 2, 2];

interface Linear {
  readonly model: Classifier;
  readonly batch: AttackBatch;
  /** Rows of weights, (classes, size), and the bias of each class. */
  readonly weights: number[][];
  readonly bias: number[];
  readonly images: number[][];
}

/** z = W x + b, and images near gray, away from 0 and 1, with the classes that it predicts as labels. */
function linear(seed: number): Linear {
  const random = randomFrom(seed, "linear");
  const draw = (rows: number, columns: number, next: () => number) =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, next));
  const weights = draw(classes, size, random.normal);
  const images = draw(samples, size, () => 0.45 + 0.1 * random.uniform());
  const bias = weights.map((row) => -0.5 * row.reduce((sum, weight) => sum + weight, 0));
  const matrix = tensor(weights, { dtype: "float64" });
  const model = (x: Tensor) =>
    x
      .flatten({ startDim: 1 })
      .matmul(matrix.t())
      .add(tensor(bias, { dtype: "float64" }));
  const pixels = tensor(images, { dtype: "float64" }).reshape(shape);
  const batch = {
    images: pixels,
    labels: model(pixels).argmax({ dim: 1 }),
    index: Int32Array.from({ length: samples }, (_, i) => i),
  };
  return { model, batch, weights, bias, images };
}

/** min_k |f_k| / |w_k|_q by a plain loop: the distance of each image to the nearest boundary of a linear network. */
function boundaryDistances({ weights, bias, images, batch }: Linear, norm: "inf" | "2"): number[] {
  const labels = Array.from(batch.labels.data() as BigInt64Array, Number);
  return images.map((image, i) => {
    const label = labels[i] as number;
    const logit = (k: number) =>
      (weights[k] as number[]).reduce((sum, weight, d) => sum + weight * (image[d] as number), bias[k] as number);
    const distances = weights.flatMap((row, k) => {
      if (k === label) return [];
      const normal = row.map((weight, d) => weight - ((weights[label] as number[])[d] as number));
      const dual = norm === "inf" ? normal.reduce((sum, value) => sum + Math.abs(value), 0) : Math.hypot(...normal);
      return [Math.abs(logit(k) - logit(label)) / dual];
    });
    return Math.min(...distances);
  });
}

function distances(perturbed: Tensor, clean: Tensor, norm: "inf" | "2"): number[] {
  const delta = perturbed.sub(clean).flatten({ startDim: 1 });
  const lengths = norm === "inf" ? delta.abs().amax({ dim: [1] }) : delta.norm(2, 1);
  return Array.from(lengths.data() as Float64Array);
}

describe.each(["inf", "2"] as const)("DeepFool in the %s norm", (norm) => {
  it("takes the shortest vector over the nearest boundary of a linear network, times 1 + overshoot", () => {
    for (let seed = 0; seed < 5; seed++) {
      const task = linear(seed);
      const { model, batch } = task;
      const perturbed = deepFool({ ball: { norm, epsilon: 10 }, overshoot: 0.05 }).perturb(model, batch);
      expect(model(perturbed).argmax({ dim: 1 }).eq(batch.labels).any().item<boolean>()).toBe(false);
      boundaryDistances(task, norm).forEach((distance, i) => {
        expect(distances(perturbed, batch.images, norm)[i]).toBeCloseTo(1.05 * distance, 10);
      });
    }
  });

  it("fools a linear network in a ball just large enough, and not in one just too small", () => {
    const task = linear(7);
    const { model, batch } = task;
    const all = boundaryDistances(task, norm);
    const [nearest, farthest] = [Math.min(...all), Math.max(...all)];
    const fooled = (epsilon: number) => {
      const perturbed = deepFool({ ball: { norm, epsilon } }).perturb(model, batch);
      return model(perturbed).argmax({ dim: 1 }).ne(batch.labels).sum().item();
    };
    expect(fooled(0.99 * nearest)).toBe(0);
    expect(fooled(1.03 * nearest)).toBeGreaterThan(0);
    expect(fooled(1.03 * farthest)).toBe(samples);
  });

  it("returns the images themselves for a network that passes no gradient back", () => {
    const { model, batch } = linear(2);
    const perturbed = deepFool({ ball: { norm, epsilon: 5 }, steps: 3 }).perturb((x) => model(x.detach()), batch);
    expect(perturbed.sub(batch.images).abs().amax().item()).toBe(0);
  });

  it("stops at the first step that fools the network, and searches as many classes as requested", () => {
    const { model, batch } = linear(3);
    const callsFor = (targets: number) => {
      let calls = 0;
      const counting = (images: Tensor) => {
        calls++;
        return model(images);
      };
      deepFool({ ball: { norm, epsilon: 10 }, targets }).perturb(counting, batch);
      return calls;
    };
    // Clean images twice, their ranking, then one step: gradients and the prediction at its end.
    expect(callsFor(9)).toBe(5);
    expect(callsFor(1)).toBeGreaterThanOrEqual(5);
  });
});

it("refuses options of DeepFool out of range", () => {
  const ball = { norm: "inf", epsilon: 0.1 } as const;
  expect(() => deepFool({ ball, overshoot: -1 })).toThrow("`overshoot`: received -1; expected a number");
  expect(() => deepFool({ ball, steps: 0 })).toThrow("`steps`: received 0; expected a whole number of at least 1");
});
