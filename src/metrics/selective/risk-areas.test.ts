import { describe, expect, it } from "vitest";
import {
  areaUnderGeneralisedRisk,
  areaUnderRiskCoverage,
  areaUnderRoc,
  excessAreaUnderRiskCoverage,
  failureAuroc,
} from "../index.js";

// Many ties: 200 samples on 40 confidences, right the more often the more confident.
let state = 5;
const draw = () => {
  state = (state * 16807) % 2147483647;
  return state / 2147483647;
};
const tied = Array.from({ length: 200 }, () => Math.floor(40 * draw()) / 40);
const correct = tied.map((value) => Number(draw() < 0.4 + 0.5 * value));
const untied = tied.map((value, i) => value + i * 1e-6);

/** The wrong answers among those at or above a threshold, and how many these are. */
function selected(confidence: readonly number[], threshold: number) {
  const chosen = correct.filter((_, i) => confidence[i]! >= threshold);
  return { answered: chosen.length, wrong: chosen.filter((right) => right === 0).length };
}

describe("the excess area under the risk-coverage curve", () => {
  it("is the area less that of the same answers perfectly ordered", () => {
    const perfect = correct.map((right, i) => 10 * right + i / 1000);
    const least = areaUnderRiskCoverage(perfect, correct);
    expect(excessAreaUnderRiskCoverage(tied, correct)).toBeCloseTo(areaUnderRiskCoverage(tied, correct) - least, 14);
    expect(least).toBeGreaterThan(0);
  });

  it("is the least over all orders of a few answers", () => {
    const few = [1, 0, 1, 1, 0];
    const areas = permutations([1, 2, 3, 4, 5]).map((order) => areaUnderRiskCoverage(order, few));
    const excesses = permutations([1, 2, 3, 4, 5]).map((order) => excessAreaUnderRiskCoverage(order, few));
    expect(Math.min(...excesses)).toBeCloseTo(0, 15);
    expect(Math.max(...excesses)).toBeCloseTo(Math.max(...areas) - Math.min(...areas), 14);
  });

  it("subtracts what tends to r + (1 - r) ln(1 - r) with many samples", () => {
    const [n, wrong] = [20_000, 3_000];
    const perfect = Float64Array.from({ length: n }, (_, i) => -i);
    const answers = Uint8Array.from({ length: n }, (_, i) => Number(i < n - wrong));
    const r = wrong / n;
    const least = areaUnderRiskCoverage(perfect, answers) - excessAreaUnderRiskCoverage(perfect, answers);
    const limit = r + (1 - r) * Math.log(1 - r);
    expect(least - limit).toBeGreaterThan(0);
    expect(Math.abs(least - limit - r / (2 * n))).toBeLessThan(1e-9);
  });
});

describe("the area under the generalised risk-coverage curve", () => {
  it("averages the share answered wrong over the thresholds of the samples, with ties and without", () => {
    for (const confidence of [tied, untied]) {
      const risks = confidence.map((threshold) => selected(confidence, threshold).wrong / 200);
      const mean = risks.reduce((sum, risk) => sum + risk, 0) / 200;
      expect(areaUnderGeneralisedRisk(confidence, correct)).toBeCloseTo(mean, 14);
    }
  });

  it("is told by the failure AUROC and the error where there are no ties", () => {
    const wrong = correct.filter((right) => right === 0).length;
    const r = wrong / 200;
    const expected = (1 - failureAuroc(untied, correct)!) * r * (1 - r) + (wrong * (wrong + 1)) / 2 / 200 ** 2;
    expect(areaUnderGeneralisedRisk(untied, correct)).toBeCloseTo(expected, 14);
  });

  it("is 0 without errors, and no order of the samples changes it", () => {
    expect(areaUnderGeneralisedRisk([0.1, 0.2], [1, 1])).toBe(0);
    expect(areaUnderGeneralisedRisk([...tied].reverse(), [...correct].reverse())).toBe(
      areaUnderGeneralisedRisk(tied, correct),
    );
  });
});

describe("the failure AUROC", () => {
  it("is the share of pairs of a right and a wrong answer in which the right one is more confident", () => {
    let [won, pairs] = [0, 0];
    for (const [i, right] of correct.entries()) {
      for (const [j, other] of correct.entries()) {
        if (!right || other) continue;
        pairs += 1;
        if (tied[i]! > tied[j]!) won += 1;
        if (tied[i] === tied[j]) won += 0.5;
      }
    }
    expect(failureAuroc(tied, correct)).toBeCloseTo(won / pairs, 14);
    expect(failureAuroc(tied, correct)).toBe(areaUnderRoc(tied, correct));
  });

  it("has no value where all answers are right, or none", () => {
    expect(failureAuroc([0.5, 0.6], [1, 1])).toBeNull();
    expect(failureAuroc([0.5, 0.6], [0, 0])).toBeNull();
    expect(() => failureAuroc([0.5, Number.NaN], [0, 1])).toThrow("confidence 1 is NaN");
  });
});

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]));
}
