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

/** Two steps, in the first of which targets stand still. */
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
  const forward = forwardOf((given) => {
    seen.push(given);
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

/** The targets after the second step: sharpened, rescaled by class frequencies that two steps have moved, and averaged. */
function expectedTargets({ temperature = 0.5, balanced = true } = {}): number[][] {
  const p = averaged.map(softmax);
  const given = Array.from({ length: classes }, (_, j) => labels.filter((label) => label === j).length / n);
  const found = given.map((start, j) => {
    const batch = mean(p.map((row) => row[j]!));
    return 0.99 * (0.99 * start + 0.01 * batch) + 0.01 * batch;
  });
  return p.map((row, i) => {
    const scaled = row.map((value, j) => value ** (1 / temperature) * (balanced ? given[j]! / found[j]! : 1));
    const total = scaled.reduce((sum, value) => sum + value, 0);
    return scaled.map((value, j) => 0.6 * Number(labels[i] === j) + (0.4 * value) / total);
  });
}

/** The weighted cross entropy of the trained network with mixed targets. */
function expectedLoss(targets: number[][], order: readonly number[], weight: number): number {
  const mix = (i: number, read: (row: number[]) => number) =>
    weight * read(targets[i]!) + (1 - weight) * read(targets[order[i]!]!);
  const weights = targets.map((_, i) => mix(i, (row) => Math.max(...row)));
  const losses = trained.map((row, i) => {
    const target = row.map((_, j) => mix(i, (own) => own[j]!));
    return weights[i]! * crossEntropyOf(target, softmax(row));
  });
  return mean(losses) / mean(weights);
}

describe("extended self-adaptive training", () => {
  it("has the targets and the losses of a plain loop, on mixed images", () => {
    const { losses, targets, seen } = twoSteps();
    manualSeed(9);
    const { images: mixed, order, weight } = mixImages(images, { mixupAlpha: 1 });
    const rows = order.toArray() as number[];
    expectAllClose(targets, expectedTargets(), { rtol: 1e-10 });
    expectAllClose(seen[1]!, mixed);
    expect(losses[0]).toBeCloseTo(expectedLoss(oneHot(labels, classes), rows, weight), 10);
    expect(losses[1]).toBeCloseTo(expectedLoss(expectedTargets(), rows, weight), 10);
  });

  it.each([
    ["sharpening", { temperature: 1 }],
    ["class frequencies", { balanced: false }],
  ])("has those of a plain loop without %s", (_, options) => {
    expectAllClose(twoSteps(options).targets, expectedTargets(options), { rtol: 1e-10 });
  });

  it("takes the images as they are without mixup", () => {
    const { losses, seen } = twoSteps({ mixupAlpha: 0 });
    expectAllClose(seen[1]!, images);
    expect(losses[1]).toBeCloseTo(expectedLoss(expectedTargets(), index, 1), 10);
  });

  it("holds the targets of pinned samples, and moves the average after every step", () => {
    const { targets, decays } = twoSteps({ pinned: [1, 4] });
    const expected = expectedTargets().map((row, i) => (i === 1 || i === 4 ? oneHot([labels[i]!], classes)[0]! : row));
    expectAllClose(targets, expected, { rtol: 1e-10 });
    expect(decays).toEqual([0.75, 0.25]);
  });

  it("refuses options out of range", () => {
    expect(() => twoSteps({ temperature: 0 })).toThrow("temperature is 0; expected a number above 0");
    expect(() => twoSteps({ mixupAlpha: -1 })).toThrow(RangeError);
  });
});
