import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { forwardOf } from "../../test/support/given-forward.js";
import { crossEntropyOf, mean, oneHot, randomLogits, softmax } from "../../test/support/plain-softmax.js";
import { manualSeed, ops, type Tensor, tensor } from "../torch/index.js";
import { type SelfAdaptivePlusOptions, selfAdaptivePlus, type TargetNetwork } from "./index.js";
import { mixImages } from "./mixing.js";

const labels = [0, 3, 2, 1, 3, 0, 1, 3];
const n = labels.length;
const classes = 4;
const index = [...labels.keys()];
const images = ops.rand([n, 3, 4, 4], { dtype: "float64" });
const double = (rows: number[][]) => tensor(rows, { dtype: "float64" });
const trained = randomLogits(3, n, classes);
const averaged = randomLogits(4, n, classes);
const given = oneHot(labels, classes);

/** Two steps: early-learning regularization, then the self-adaptive loss. */
function twoSteps(options: Partial<SelfAdaptivePlusOptions> = {}) {
  const decays: number[] = [];
  const targetNetwork: TargetNetwork = {
    outputs: () => double(averaged),
    targets: () => double(averaged),
    follow: (decay) => void decays.push(decay),
    state: () => new Map(),
  };
  const objective = selfAdaptivePlus({
    labels,
    classes,
    targetNetwork,
    decay: (taken) => 1 - taken,
    momentum: 0.6,
    startEpoch: () => 1,
    dtype: "float64",
    ...options,
  });
  const seen: Tensor[] = [];
  const forward = forwardOf((inputs) => {
    seen.push(inputs);
    return double(trained);
  });
  const losses = [0, 1].map((epoch) => {
    manualSeed(9);
    const { loss } = objective.step(forward, { images, labels, index, epoch });
    objective.afterStep?.([0.25, 1][epoch]!);
    return loss.item();
  });
  return { losses, targets: objective.targets, seen, decays };
}

/** The targets after the first step, of the network, and after the second, of its average: running averages from zero. */
function expectedTargets(): [number[][], number[][]] {
  const [first, second] = [trained, averaged].map((logits) => logits.map(softmax)) as [number[][], number[][]];
  const once = first.map((row) => row.map((value) => 0.4 * value));
  return [once, once.map((row, i) => row.map((value, j) => 0.6 * value + 0.4 * second[i]![j]!))];
}

/** Cross entropy with the labels, and the logarithm of what predictions and targets do not share. */
function expectedFirst(targets: number[][], lambda: number): number {
  const losses = trained.map((row, i) => {
    const p = softmax(row);
    const shared = p.reduce((sum, value, j) => sum + value * targets[i]![j]!, 0);
    return crossEntropyOf(given[i]!, p) + lambda * Math.log(1 - shared);
  });
  return mean(losses);
}

/** An average divided by its sum, and moved towards its label by how far it agrees. */
function labelKept(row: number[], label: number): number[] {
  const total = row.reduce((sum, value) => sum + value, 0);
  const agreement = (row[label]! / Math.max(...row)) ** 2;
  return row.map((value, j) => ((1 - agreement) * value) / total + (j === label ? agreement : 0));
}

/** The weighted cross entropy of the trained network with mixed targets. */
function expectedSecond(targets: number[][], order: readonly number[], weight: number): number {
  const u = targets.map((row, i) => labelKept(row, labels[i]!));
  const mix = (i: number, read: (row: number[]) => number) => weight * read(u[i]!) + (1 - weight) * read(u[order[i]!]!);
  const weights = u.map((_, i) => mix(i, (row) => Math.max(...row)));
  const losses = trained.map((row, i) => {
    const target = row.map((_, j) => mix(i, (own) => own[j]!));
    return weights[i]! * crossEntropyOf(target, softmax(row));
  });
  return mean(losses) / mean(weights);
}

describe("extended self-adaptive training", () => {
  it("has the targets and the losses of a plain loop, before its start and after it", () => {
    const { losses, targets, seen } = twoSteps();
    const [first, second] = expectedTargets();
    manualSeed(9);
    const { images: mixed, order, weight } = mixImages(images, { mixupAlpha: 1 });
    expectAllClose(targets, second, { rtol: 1e-10 });
    expectAllClose(seen[0]!, images);
    expectAllClose(seen[1]!, mixed);
    expect(losses[0]).toBeCloseTo(expectedFirst(first, 3), 10);
    expect(losses[1]).toBeCloseTo(expectedSecond(second, order.toArray() as number[], weight), 10);
  });

  it("takes the images as they are without mixup, and the labels alone before the start without its regularizer", () => {
    const { losses, seen } = twoSteps({ mixupAlpha: 0, lambda: 0 });
    const [first, second] = expectedTargets();
    expectAllClose(seen[1]!, images);
    expect(losses[0]).toBeCloseTo(expectedFirst(first, 0), 10);
    expect(losses[1]).toBeCloseTo(expectedSecond(second, index, 1), 10);
  });

  it("holds the targets of pinned samples at their labels, and moves the average after every step", () => {
    const { targets, decays } = twoSteps({ pinned: [1, 4] });
    const expected = expectedTargets()[1].map((row, i) => (i === 1 || i === 4 ? given[i]! : row));
    expectAllClose(targets, expected, { rtol: 1e-10 });
    expect(decays).toEqual([0.75, 0.25]);
  });

  it("refuses options out of range", () => {
    expect(() => twoSteps({ momentum: 2 })).toThrow("`momentum`: received 2;");
    expect(() => twoSteps({ lambda: -1 })).toThrow("`lambda`: received -1;");
    expect(() => twoSteps({ mixupAlpha: -1 })).toThrow(RangeError);
  });
});
