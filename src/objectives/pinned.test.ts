import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { oneHot, randomLogits } from "../../test/support/plain-softmax.js";
import { noGrad, type Tensor, tensor } from "../torch/index.js";
import {
  bootstrapping,
  crossEntropy,
  earlyLearning,
  sampleTargets,
  selectiveSelfAdaptive,
  selfAdaptive,
  sparseOverParameterization,
  withDetectedStart,
} from "./index.js";

const labels = [0, 3, 2, 1];
const index = [0, 1, 2, 3];
const batch = { labels, index, epoch: 5 };
const shape = { labels, classes: 4, dtype: "float64" } as const;
const pinned = [1, 3];
const row = (values: Tensor, i: number) => Array.from(values.data(), Number).slice(4 * i, 4 * i + 4);
const logits = (columns = 4, seed = 3) =>
  tensor(randomLogits(seed, 4, columns), { dtype: "float64", requiresGrad: true });

describe("targets of pinned samples", () => {
  it.each([
    ["sat", selfAdaptive({ ...shape, startEpoch: 0, pinned }), selfAdaptive({ ...shape, startEpoch: 0 }), 4],
    ["sat-selective", selectiveSelfAdaptive({ ...shape, pinned }), selectiveSelfAdaptive(shape), 5],
    ["elr", earlyLearning({ ...shape, samples: 4, pinned }), earlyLearning({ ...shape, samples: 4 }), 4],
  ] as const)("of %s stay at the label, and all others move as without", (_, held, free, columns) => {
    for (const seed of [1, 2, 3]) for (const objective of [held, free]) objective.loss(logits(columns, seed), batch);
    for (const i of pinned) expect(row(held.targets, i)).toEqual(oneHot(labels, 4)[i]);
    for (const i of [0, 2]) {
      expect(row(held.targets, i)).toEqual(row(free.targets, i));
      expect(row(held.targets, i)).not.toEqual(oneHot(labels, 4)[i]);
    }
  });

  it("stay when a detected start moves the others halfway to their predictions", () => {
    let start = Number.POSITIVE_INFINITY;
    const moving = { momentum: 0.9, startEpoch: () => start, pinned };
    const sat = withDetectedStart(selfAdaptive({ ...shape, ...moving }), moving);
    sat.loss(logits(), { ...batch, epoch: 0 });
    start = 1;
    sat.loss(logits(), { ...batch, epoch: 1 });
    for (const i of pinned) expect(row(sat.targets, i)).toEqual(oneHot(labels, 4)[i]);
    expect(row(sat.targets, 0)).not.toEqual(oneHot(labels, 4)[0]);
  });

  it("are what the loss is computed with: cross entropy where all are pinned", () => {
    const plain = crossEntropy().loss(logits(), batch).item();
    const every = { ...shape, startEpoch: 0, pinned: index };
    expectAllClose(selfAdaptive(every).loss(logits(), batch), plain, { rtol: 1e-12, atol: 0 });
    for (const form of ["soft", "hard"] as const) {
      const bootstrapped = bootstrapping({ form, beta: 0.3, pinned: index }).loss(logits(), batch);
      expectAllClose(bootstrapped, plain, { rtol: 1e-12, atol: 0 });
    }
  });

  it("are restored with the state, and take typed arrays and tensors of indices", () => {
    const sampled = sampleTargets({ ...shape, pinned: tensor([2], { dtype: "int64" }) });
    const p = noGrad(() => logits().softmax(1));
    const updated = sampled.update(Int32Array.from(index), p);
    expect(row(updated, 2)).toEqual([0, 0, 1, 0]);
    expect(row(sampled.values, 0)).toEqual(row(updated, 0));
    const again = sampleTargets({ ...shape, pinned: Int32Array.of(2) });
    again.load(new Map(Array.from(sampled.state(), ([name, value]) => [name, value.clone()])));
    expect(row(again.update(index, p), 2)).toEqual([0, 0, 1, 0]);
  });
});

it("pinned samples have no noise term in sop, before and after its steps", () => {
  const sop = sparseOverParameterization({ samples: 4, classes: 4, dtype: "float64", pinned });
  for (const seed of [1, 2, 3]) sop.loss(logits(4, seed), batch).backward();
  const { u, v } = Object.fromEntries(sop.state()) as Record<"u" | "v", Tensor>;
  for (const i of pinned) expect([u.data()[i], ...row(v, i)]).toEqual([0, 0, 0, 0, 0]);
  for (const i of [0, 2]) expect(u.data()[i]).not.toBe(0);
});

it("pinned samples of elr need their labels", () => {
  expect(() => earlyLearning({ samples: 4, classes: 4, pinned })).toThrow("`pinned` needs `labels`");
});
