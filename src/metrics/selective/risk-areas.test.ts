import { describe, expect, it } from "vitest";
import {
  areaUnderGeneralizedRisk,
  areaUnderRiskCoverage,
  areaUnderRoc,
  excessAreaUnderRiskCoverage,
  failureAuroc,
} from "../index.js";

// Many ties: 200 samples on 40 confidences, correct the more often the more confident.
let state = 5;
const draw = () => {
  state = (state * 16807) % 2147483647;
  return state / 2147483647;
};
const tied = Array.from({ length: 200 }, () => Math.floor(40 * draw()) / 40);
const correct = tied.map((value) => Number(draw() < 0.4 + 0.5 * value));
const untied = tied.map((value, i) => value + i * 1e-6);

/** The wrong predictions among those at or above a threshold, and how many these are. */
function selected(confidence: readonly number[], threshold: number) {
  const chosen = correct.filter((_, i) => confidence[i]! >= threshold);
  return { covered: chosen.length, wrong: chosen.filter((one) => one === 0).length };
}

describe("the excess area under the risk-coverage curve", () => {
  it("is the area minus that of the same predictions perfectly ranked", () => {
    const perfect = correct.map((one, i) => 10 * one + i / 1000);
    const least = areaUnderRiskCoverage(perfect, correct);
    expect(excessAreaUnderRiskCoverage(tied, correct)).toBeCloseTo(areaUnderRiskCoverage(tied, correct) - least, 14);
    expect(least).toBeGreaterThan(0);
  });

  it("is the least over all rankings of a few predictions", () => {
    const few = [1, 0, 1, 1, 0];
    const areas = permutations([1, 2, 3, 4, 5]).map((order) => areaUnderRiskCoverage(order, few));
    const excesses = permutations([1, 2, 3, 4, 5]).map((order) => excessAreaUnderRiskCoverage(order, few));
    expect(Math.min(...excesses)).toBeCloseTo(0, 15);
    expect(Math.max(...excesses)).toBeCloseTo(Math.max(...areas) - Math.min(...areas), 14);
  });

  it("subtracts what tends to r + (1 - r) ln(1 - r) with many samples", () => {
    const [n, wrong] = [20_000, 3_000];
    const perfect = Float64Array.from({ length: n }, (_, i) => -i);
    const outcomes = Uint8Array.from({ length: n }, (_, i) => Number(i < n - wrong));
    const r = wrong / n;
    const least = areaUnderRiskCoverage(perfect, outcomes) - excessAreaUnderRiskCoverage(perfect, outcomes);
    const limit = r + (1 - r) * Math.log(1 - r);
    expect(least - limit).toBeGreaterThan(0);
    expect(Math.abs(least - limit - r / (2 * n))).toBeLessThan(1e-9);
  });
});

describe("the area under the generalized risk-coverage curve", () => {
  it("averages the fraction covered and wrong over the thresholds of the samples, with ties and without", () => {
    for (const confidence of [tied, untied]) {
      const risks = confidence.map((threshold) => selected(confidence, threshold).wrong / 200);
      const mean = risks.reduce((sum, risk) => sum + risk, 0) / 200;
      expect(areaUnderGeneralizedRisk(confidence, correct)).toBeCloseTo(mean, 14);
    }
  });

  it("follows from the failure AUROC and the error where there are no ties", () => {
    const wrong = correct.filter((one) => one === 0).length;
    const r = wrong / 200;
    const expected = (1 - failureAuroc(untied, correct)!) * r * (1 - r) + (wrong * (wrong + 1)) / 2 / 200 ** 2;
    expect(areaUnderGeneralizedRisk(untied, correct)).toBeCloseTo(expected, 14);
  });

  it("is 0 without errors, and no order of the samples changes it", () => {
    expect(areaUnderGeneralizedRisk([0.1, 0.2], [1, 1])).toBe(0);
    expect(areaUnderGeneralizedRisk([...tied].reverse(), [...correct].reverse())).toBe(
      areaUnderGeneralizedRisk(tied, correct),
    );
  });
});

describe("the failure AUROC", () => {
  it("is the fraction of pairs of a correct and a wrong prediction in which the correct one is more confident", () => {
    let [won, pairs] = [0, 0];
    for (const [i, isCorrect] of correct.entries()) {
      for (const [j, other] of correct.entries()) {
        if (!isCorrect || other) continue;
        pairs += 1;
        if (tied[i]! > tied[j]!) won += 1;
        if (tied[i] === tied[j]) won += 0.5;
      }
    }
    expect(failureAuroc(tied, correct)).toBeCloseTo(won / pairs, 14);
    expect(failureAuroc(tied, correct)).toBe(areaUnderRoc(tied, correct));
  });

  it("has no value where all predictions are correct, or none", () => {
    expect(failureAuroc([0.5, 0.6], [1, 1])).toBeNull();
    expect(failureAuroc([0.5, 0.6], [0, 0])).toBeNull();
    expect(() => failureAuroc([0.5, Number.NaN], [0, 1])).toThrow("confidence 1 is NaN");
  });
});

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
