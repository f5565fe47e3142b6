import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { forwardOf } from "../../test/support/given-forward.js";
import { crossEntropyOf, mean, oneHot, randomLogits, softmax } from "../../test/support/plain-softmax.js";
import { manualSeed, ops, type Tensor, tensor } from "../torch/index.js";
import { type SelfAdaptivePlusOptions, selfAdaptivePlus } from "./index.js";
import { mixImages } from "./mixing.js";

const labels = [0, 3, 2, 1, 3, 0, 1, 3];
const n = labels.length;
const classes = 4;
const index = [...labels.keys()];
const images = ops.rand([n, 3, 4, 4], { dtype: "float64" });
const given = oneHot(labels, classes);

/** The outputs of the network in its first, second, ... forward pass. */
const outputs = [3, 4, 5, 6, 7].map((seed) => randomLogits(seed, n, classes));
const predictions = outputs.map((logits) => logits.map(softmax));

/** Three steps: images as they are, mixed images, and averages as the targets of mixed images. */
function threeSteps(options: Partial<SelfAdaptivePlusOptions> = {}) {
  const start = { startEpoch: () => 2, momentum: 0.6, dtype: "float64" } as const;
  const objective = selfAdaptivePlus({ labels, classes, ...start, ...options });
  const seen: Tensor[] = [];
  const forward = forwardOf((inputs) => {
    seen.push(inputs);
    return tensor(outputs[seen.length - 1] as number[][], { dtype: "float64" });
  });
  const losses = [0, 1, 2].map((epoch) => {
    manualSeed(9);
    return objective.step(forward, { images, labels, index, epoch }).loss.item();
  });
  return { losses, targets: objective.targets, seen };
}

/** The averages, from zero, after visits with these predictions. */
function averagesOf(visits: readonly number[][][]): number[][] {
  const zeros = given.map((row) => row.map(() => 0));
  const move = (before: number[][], p: number[][]) =>
    before.map((row, i) => row.map((value, j) => 0.6 * value + 0.4 * p[i]![j]!));
  return visits.reduce(move, zeros);
}

type Mix = (rows: number[][]) => number[][];
const unmixed: Mix = (rows) => rows;

/** As the images of every step are mixed. */
function mixOf(): Mix {
  manualSeed(9);
  const { order, weight } = mixImages(images, { mixupAlpha: 1 });
  const others = order.toArray() as number[];
  return (rows) => rows.map((row, i) => row.map((value, j) => weight * value + (1 - weight) * rows[others[i]!]![j]!));
}

/** Cross entropy with the labels, and the logarithm of what predictions and averages do not share. */
function expectedEarly(p: number[][], averages: number[][], mix: Mix, lambda = 3): number {
  const [y, t] = [mix(given), mix(averages)];
  const losses = p.map((row, i) => {
    const shared = row.reduce((sum, value, j) => sum + value * t[i]![j]!, 0);
    return crossEntropyOf(y[i]!, row) + lambda * Math.log(1 - shared);
  });
  return mean(losses);
}

/** The weighted cross entropy with averages that keep the label as far as they agree with it. */
function expectedLate(p: number[][], averages: number[][], mix: Mix): number {
  const kept = averages.map((row, i) => {
    const total = row.reduce((sum, value) => sum + value, 0);
    const agreement = (row[labels[i]!]! / Math.max(...row)) ** 2;
    return row.map((value, j) => ((1 - agreement) * value) / total + agreement * given[i]![j]!);
  });
  const u = mix(kept);
  const weights = mix(kept.map((row) => [Math.max(...row)])).flat();
  return mean(p.map((row, i) => weights[i]! * crossEntropyOf(u[i]!, row))) / mean(weights);
}

describe("extended self-adaptive training", () => {
  it("has the targets and the losses of a plain loop: of images as they are, of mixed ones, and after the start", () => {
    const { losses, targets, seen } = threeSteps();
    const [first, clean, mixed, lateClean, lateMixed] = predictions as [
      number[][],
      number[][],
      number[][],
      number[][],
      number[][],
    ];
    const mix = mixOf();
    manualSeed(9);
    const mixedImages = mixImages(images, { mixupAlpha: 1 }).images;
    [images, images, mixedImages, images, mixedImages].forEach(
      (expected, i) => void expectAllClose(seen[i]!, expected),
    );
    expect(losses[0]).toBeCloseTo(expectedEarly(first, averagesOf([first]), unmixed), 10);
    expect(losses[1]).toBeCloseTo(expectedEarly(mixed, averagesOf([first, clean]), mix), 10);
    expect(losses[2]).toBeCloseTo(expectedLate(lateMixed, averagesOf([first, clean, lateClean]), mix), 10);
    expectAllClose(targets, averagesOf([first, clean, lateClean]), { rtol: 1e-10 });
  });

  it("passes images forward once a step without mixup, and has the labels alone before the start without its regularizer", () => {
    const { losses, seen } = threeSteps({ mixupAlpha: 0, lambda: 0 });
    const visits = predictions.slice(0, 3);
    seen.forEach((inputs) => void expectAllClose(inputs, images));
    expect(seen).toHaveLength(3);
    expect(losses[1]).toBeCloseTo(expectedEarly(visits[1]!, averagesOf(visits.slice(0, 2)), unmixed, 0), 10);
    expect(losses[2]).toBeCloseTo(expectedLate(visits[2]!, averagesOf(visits), unmixed), 10);
  });

  it("holds the targets of pinned samples at their labels", () => {
    const { targets } = threeSteps({ pinned: [1, 4] });
    const averages = averagesOf([predictions[0]!, predictions[1]!, predictions[3]!]);
    const expected = averages.map((row, i) => (i === 1 || i === 4 ? given[i]! : row));
    expectAllClose(targets, expected, { rtol: 1e-10 });
  });

  it("refuses options out of range", () => {
    expect(() => threeSteps({ momentum: 2 })).toThrow("`momentum`: received 2;");
    expect(() => threeSteps({ lambda: -1 })).toThrow("`lambda`: received -1;");
    expect(() => threeSteps({ mixupAlpha: -1 })).toThrow(RangeError);
  });
});
