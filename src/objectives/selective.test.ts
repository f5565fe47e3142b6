// The methods whose networks can abstain, against the authors' own figures and plain loops.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { crossEntropyOf, mean, oneHot, randomLogits, softmax } from "../../test/support/plain-softmax.js";
import { type Tensor, tensor } from "../torch/index.js";
import { crossEntropy, deepGamblers, gamblersPretraining, selectiveNet, selectiveSelfAdaptive } from "./index.js";

interface Step {
  index: number[];
  logits: number[][];
  loss: number;
  grad: number[][];
}

interface Golden {
  num_classes: number;
  momentum: number;
  labels: number[];
  sat: (Step & { targets_after: number[][] })[];
  gamblers: (Step & { reward: number })[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL("../../test/fixtures/golden/selective.json", import.meta.url), "utf8"),
);
const pick = (labels: readonly number[], index: readonly number[]) => index.map((i) => labels[i] as number);
const figures = { rtol: 1e-5, atol: 1e-6 };
const labels = [0, 2, 1, 3, 2, 0];
const index = [5, 1, 3, 0];
const batch = { labels: pick(labels, index), index, epoch: 0 };
const wide = (z: number[][]) => tensor(z, { dtype: "float64" });

describe("the authors' own figures", () => {
  it("of the self-adaptive loss, its gradient and targets are ours at every step", () => {
    const { labels, momentum, num_classes: classes, sat } = golden;
    const ours = selectiveSelfAdaptive({ labels, classes, momentum });
    const visited = new Set<number>();
    for (const { index, logits, loss, grad, targets_after } of sat) {
      const z = tensor(logits, { requiresGrad: true });
      const value = ours.loss(z, { labels: pick(labels, index), index, epoch: 0 });
      value.backward();
      expectAllClose(value, loss, figures);
      expectAllClose(z.grad as Tensor, grad, figures);
      // Samples that have not been visited rest at zero there, and at their labels here.
      for (const sample of index) visited.add(sample);
      const expected = oneHot(labels, classes).map((row, i) => (visited.has(i) ? targets_after[i]! : row));
      expectAllClose(ours.targets, expected, figures);
    }
    expect(visited.size).toBe(labels.length);
  });

  it("of Deep Gamblers' loss and its gradient are ours", () => {
    const { labels, num_classes: classes, gamblers } = golden;
    for (const { index, logits, loss, grad, reward } of gamblers) {
      const z = tensor(logits, { requiresGrad: true });
      const value = deepGamblers({ classes, reward }).loss(z, { labels: pick(labels, index), index, epoch: 0 });
      value.backward();
      expectAllClose(value, loss, figures);
      expectAllClose(z.grad as Tensor, grad, figures);
    }
  });
});

describe("selective self-adaptive training", () => {
  it("equals a plain loop over several visits, in float64", () => {
    const ours = selectiveSelfAdaptive({ labels, classes: 4, momentum: 0.8, dtype: "float64" });
    const targets = oneHot(labels, 4);
    for (let visit = 1; visit <= 4; visit++) {
      const z = randomLogits(visit, 4, 5);
      const losses = z.map((row, i) => {
        const [sample, label] = [index[i]!, batch.labels[i]!];
        const p = softmax(row.slice(0, 4));
        targets[sample] = targets[sample]!.map((share, j) => 0.8 * share + 0.2 * p[j]!);
        const kept = targets[sample]![label]!;
        const soft = [0, 0, 0, 0, 1 - kept].map((share, j) => (j === label ? kept : share));
        return crossEntropyOf(soft, softmax(row));
      });
      expectAllClose(ours.loss(wide(z), batch), mean(losses), { rtol: 1e-12, atol: 0 });
      expectAllClose(ours.targets, targets, { rtol: 1e-12, atol: 1e-15 });
    }
  });

  it("is cross entropy on the classes while it pretrains, targets at rest", () => {
    const ours = selectiveSelfAdaptive({ labels, classes: 4, pretrainEpochs: 3 });
    const z = randomLogits(3, 4, 5);
    const plain = crossEntropy().loss(tensor(z.map((row) => row.slice(0, 4))), batch);
    expect(ours.loss(tensor(z), { ...batch, epoch: 2 }).item()).toBe(plain.item());
    expectAllClose(ours.targets, oneHot(labels, 4), { rtol: 0, atol: 0 });
    expect(ours.loss(tensor(z), { ...batch, epoch: 3 }).item()).not.toBe(plain.item());
  });

  it("is cross entropy on all outputs while targets are held at the labels", () => {
    const z = wide(randomLogits(5, 4, 5));
    const held = selectiveSelfAdaptive({ labels, classes: 4, momentum: 1, dtype: "float64" });
    expectAllClose(held.loss(z, batch), crossEntropy().loss(z, batch).item(), { rtol: 1e-12, atol: 0 });
  });
});

describe("Deep Gamblers", () => {
  it("equals a plain loop", () => {
    const z = randomLogits(7, 4, 5);
    const losses = z.map((row, i) => -Math.log(softmax(row)[batch.labels[i]!]! + softmax(row)[4]! / 3));
    expectAllClose(deepGamblers({ classes: 4, reward: 3 }).loss(wide(z), batch), mean(losses), {
      rtol: 1e-12,
      atol: 0,
    });
  });

  it("pretrains for as long as the authors do", () => {
    const rule = (reward: number, classes: number, svhn: boolean, epochs = 300) =>
      gamblersPretraining({ reward, classes, svhn, epochs });
    expect([rule(2.2, 10, false), rule(6.3, 10, false), rule(2.2, 10, false, 60)]).toEqual([100, 0, 20]);
    expect([rule(2.6, 10, true), rule(6, 10, true), rule(1.6, 2, false)]).toEqual([50, 0, 50]);
  });

  it.each([1, 0, Number.NaN, Number.POSITIVE_INFINITY])("refuses a reward of %d", (reward) => {
    expect(() => deepGamblers({ classes: 4, reward })).toThrow(
      `\`reward\`: received ${reward}; expected a number above 1`,
    );
  });
});

describe("SelectiveNet", () => {
  const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

  it.each([0.3, 0.9])("equals a plain loop, for a coverage of %d", (targetCoverage) => {
    const z = randomLogits(9, 4, 9);
    const chosen = z.map((row) => sigmoid(row[4]!));
    const phi = mean(chosen);
    const entropies = (from: number) =>
      z.map((row, i) => -Math.log(softmax(row.slice(from, from + 4))[batch.labels[i]!]!));
    const risk = mean(entropies(0).map((loss, i) => loss * chosen[i]!)) / phi;
    const expected = 0.4 * (risk + 32 * Math.max(0, targetCoverage - phi) ** 2) + 0.6 * mean(entropies(5));
    const ours = selectiveNet({ classes: 4, targetCoverage, selectiveWeight: 0.4 });
    expectAllClose(ours.loss(wide(z), batch), expected, { rtol: 1e-12, atol: 0 });
  });

  it("is cross entropy of its answers where all are selected alike and nothing else counts", () => {
    const z = randomLogits(11, 4, 9).map((row) => row.map((value, j) => (j === 4 ? 2 : value)));
    const plain = crossEntropy()
      .loss(wide(z.map((row) => row.slice(0, 4))), batch)
      .item();
    const ours = selectiveNet({ classes: 4, coverageWeight: 0, selectiveWeight: 1 });
    expectAllClose(ours.loss(wide(z), batch), plain, { rtol: 1e-12, atol: 0 });
  });

  it("refuses options out of range", () => {
    expect(() => selectiveNet({ classes: 4, targetCoverage: 1.2 })).toThrow(
      "`targetCoverage`: received 1.2; expected a number from 0 to 1",
    );
    expect(() => selectiveNet({ classes: 4, coverageWeight: -1 })).toThrow(
      "`coverageWeight`: received -1; expected a number of at least 0",
    );
  });
});
