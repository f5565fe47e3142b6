import { describe, expect, it } from "vitest";
import { detectionEpochs as epochs } from "../../../test/support/detection.js";
import type { DetectionEpoch } from "../../runs/progress.js";
import { chanceLoss, disagreements, labelsLookRight, memorizes } from "./memorization.js";

describe("memorization", () => {
  const chance = Math.log(10);
  const early = (seen: readonly DetectionEpoch[]) => memorizes(seen, chance, true);
  const late = (seen: readonly DetectionEpoch[]) => memorizes(seen, chance, false);
  const withError = (heldOutError: number, seen: readonly DetectionEpoch[]) =>
    seen.map((epoch) => ({ ...epoch, heldOutError }));
  /** Training samples are fitted much better than held-out ones, of which the fits are given. */
  const afterFits = (...fits: readonly number[]) =>
    epochs(...fits.map((fit, i) => [0.3 - 0.01 * i, chance - fit] as const));

  it("is detected at 40% of the fit to the labels, in two consecutive epochs of the first half", () => {
    const learning = epochs([2.2, 2.2], [1.7, 1.9], [1.2, 1.5], [1.2, 1.5]);
    const memorized = 1 + 0.4 * (chance - 1);
    expect(early(learning)).toBe(false);
    expect(early([...learning, ...epochs([1, memorized + 0.01])])).toBe(false);
    expect(early([...learning, ...epochs([1, memorized + 0.01], [1, memorized - 0.01])])).toBe(false);
    const seen = [...learning, ...epochs([1, memorized + 0.01], [1, memorized + 0.01])];
    expect([early(seen), late(seen)]).toEqual([true, false]);
  });

  it("is not detected while held-out samples are predicted better after every epoch", () => {
    const learning = epochs([2.2, 2.2], [1.5, 1.77], [1, 1.76], [0.9, 1.75]);
    expect(early(learning)).toBe(false);
    expect(early([...learning, ...epochs([0.8, 1.76], [0.7, 1.74])])).toBe(false);
    expect(early([...learning, ...epochs([0.8, 1.76], [0.7, 1.76])])).toBe(true);
  });

  it("is detected under heavy noise too, where there is little to fit", () => {
    const heavy = (...last: readonly (readonly [number, number])[]) =>
      early(withError(0.005, epochs([2.31, 2.31], [2.3, 2.276], [2.29, 2.28], ...last)));
    expect(heavy([2.26, 2.28], [2.26, 2.28])).toBe(true);
    expect(heavy([2.28, 2.288], [2.26, 2.2765])).toBe(false);
  });

  it("is detected throughout where training samples are predicted better and others worse by more than a standard error, twice in a row", () => {
    const afterLosses = (...losses: readonly number[]) =>
      late(withError(0.1, epochs(...[1, 1, ...losses].map((loss, i) => [0.9 - 0.01 * i, loss] as const))));
    expect(afterLosses(1.11, 1.11)).toBe(true);
    expect(afterLosses(1.11, 1.09)).toBe(false);
    expect(afterLosses(1.5, 1.02, 1.5)).toBe(false);
    expect(afterLosses(0.95, 1.04, 1.06)).toBe(false);
    expect(afterLosses(0.95, 1.06, 1.06)).toBe(true);
  });

  it("is not detected where a high learning rate makes the loss of training samples worse, too", () => {
    const unsteady = (...last: readonly (readonly [number, number])[]) => late(epochs([1, 1], [0.9, 1], ...last));
    expect(unsteady([0.8, 1.2], [0.7, 1.2])).toBe(true);
    expect(unsteady([1, 1.2], [0.7, 1.2])).toBe(false);
    expect(unsteady([0.8, 1.2], [1, 1.2])).toBe(false);
  });

  it("is not detected before held-out samples are fitted by two standard errors: a network that has learned nothing", () => {
    const seen = epochs([2.27, 2.297], [2.27, 2.298], [2.26, 2.299], [2.25, 2.305]);
    expect([0.006, 0.001].map((error) => early(withError(error, seen)))).toEqual([false, true]);
  });

  it("is detected where held-out samples are never fitted but predicted worse than by chance: drawings with 80% of the labels redrawn", () => {
    const seen = epochs([2.338, 2.391], [2.276, 2.319], [2.258, 2.311], [2.253, 2.342], [2.211, 2.326]);
    expect([4, 5].map((count) => early(withError(0.015, seen.slice(0, count))))).toEqual([false, true]);
    const atChance = epochs([2.282, 2.304], [2.27, 2.3035], [2.258, 2.3035], [2.25, 2.304], [2.235, 2.3035]);
    expect(early(withError(0.005, atChance))).toBe(false);
    const unfitted = epochs([2.32, 2.391], [2.31, 2.319], [2.29, 2.311], [2.28, 2.342], [2.28, 2.326]);
    expect(early(withError(0.015, unfitted))).toBe(false);
  });

  it("is not detected while the network learns fast: while its best fit grows by more than a tenth in three epochs", () => {
    const detected = [early, late].map((detect) => (fits: readonly number[]) => detect(afterFits(...fits)));
    for (const detect of detected) {
      expect(detect([0.3, 0.4, 0.5, 0.6, 0.45, 0.45])).toBe(false);
      expect(detect([0.3, 0.4, 0.5, 0.6, 0.45, 0.45, 0.45])).toBe(true);
      expect(detect([1, 1, 1.09, 0.8, 0.8])).toBe(true);
      expect(detect([1, 1, 1.11, 0.8, 0.8])).toBe(false);
      expect(detect([-0.2, -0.1, 0.25, 0.05, 0.05])).toBe(false);
    }
  });

  it("is never detected in the first three epochs", () => {
    const fits = [1, 0.7, 0.5, 0.3];
    expect([0, 1, 2, 3, 4].map((count) => early(afterFits(...fits.slice(0, count))))).toEqual([
      ...[false, false, false, false],
      true,
    ]);
  });

  it("is measured against predicting the class frequencies", () => {
    const labels = Int32Array.of(0, 0, 0, 1, 2, 2);
    expect(chanceLoss(labels, Int32Array.of(0, 1, 2, 3))).toBeCloseTo(0.75 * Math.log(4 / 3) + 0.25 * Math.log(4), 12);
    expect(chanceLoss(Int32Array.of(7, 8), Int32Array.of(0, 1))).toBeCloseTo(Math.LN2, 12);
  });
});

describe("labels", () => {
  /** Two classes, 50 samples predicted as each, the k-th most confident wrong where `isWrong(k)`. */
  const epochOf = (isWrong: (k: number) => boolean): DetectionEpoch => {
    const predicted = Array.from({ length: 100 }, (_, i) => i % 2);
    const confidence = (i: number) => 0.99 - 0.004 * Math.floor(i / 2);
    const rows = predicted.map((label, i) => [0, 1].map((j) => (j === label ? confidence(i) : 1 - confidence(i))));
    const labels = Int32Array.from(predicted, (label, i) => (isWrong(Math.floor(i / 2)) ? 1 - label : label));
    return { ...(epochs([1, 1])[0] as DetectionEpoch), ...disagreements(Float32Array.from(rows.flat()), labels) };
  };
  const right = epochOf((k) => k >= 30 && k % 2 === 0);
  const wrong = epochOf((k) => k % 4 === 0);

  it("are compared with the five most confident predictions of each class, and with all", () => {
    expect([right.confidentDisagreement, right.disagreement]).toEqual([0, 0.2]);
    expect([wrong.confidentDisagreement, wrong.disagreement]).toEqual([0.4, 0.26]);
  });

  it("look right where confident predictions agree with them much more often than others", () => {
    expect(labelsLookRight([right])).toBe(true);
    expect(labelsLookRight([wrong, right, right, right])).toBe(true);
  });

  it("look right where none is contradicted, and not where no class is predicted often enough to tell", () => {
    expect(labelsLookRight([{ ...right, disagreement: 0, confidentDisagreement: 0 }])).toBe(true);
    const few = disagreements(Float32Array.of(0.9, 0.1, 0.2, 0.8), Int32Array.of(0, 1));
    expect(few).toEqual({ disagreement: 1, confidentDisagreement: 1 });
    expect(labelsLookRight([{ ...right, ...few }])).toBe(false);
  });

  it("look wrong where they contradict confident predictions as often as others, on average over three epochs", () => {
    expect(labelsLookRight([wrong])).toBe(false);
    expect(labelsLookRight([wrong, right, right])).toBe(false);
    expect(labelsLookRight([epochOf((k) => k % 10 === 0 || k > 45)])).toBe(false);
  });
});
