import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  areaUnderRiskCoverage,
  confidenceBy,
  correctness,
  coverageAtRisk,
  errorAtCoverage,
  riskCoverage,
  thresholdAtCoverage,
} from "../index.js";

interface GoldenCoverage {
  logits: number[][];
  labels: number[];
  error_at: Record<string, number>;
}

const golden: GoldenCoverage = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/golden/coverage.json", import.meta.url), "utf8"),
);

describe("error at coverage", () => {
  it("is what the authors' code returns", () => {
    const logits = Float64Array.from(golden.logits.flat());
    const confidence = confidenceBy("abstention", logits, golden.labels.length, 10);
    const errors = errorAtCoverage(confidence, correctness(logits, golden.labels, 10));
    expect(Object.keys(errors)).toEqual(Object.keys(golden.error_at));
    for (const [coverage, error] of Object.entries(golden.error_at)) {
      expect(Math.abs(errors[coverage]! - error), `at ${coverage}%`).toBeLessThanOrEqual(1e-12);
    }
  });

  it("rounds the number of covered samples down, and never to none", () => {
    const confidence = [0.9, 0.8, 0.7];
    expect(errorAtCoverage(confidence, [true, false, false], [100, 99, 34, 1])).toEqual({
      "100": 2 / 3,
      "99": 1 / 2,
      "34": 0,
      "1": 0,
    });
  });

  it("covers every sample that ties with the threshold, whatever their order", () => {
    expect(errorAtCoverage([0.9, 0.5, 0.5, 0.5], [1, 1, 0, 0], [50])).toEqual({ "50": 0.5 });
    expect(errorAtCoverage([0.5, 0.5, 0.9, 0.5], [0, 0, 1, 1], [50])).toEqual({ "50": 0.5 });
  });

  it("depends on the order of the confidences alone", () => {
    const confidence = [0.1, 0.7, 0.3, 0.9, 0.5];
    const correct = [0, 1, 0, 1, 1];
    const bent = confidence.map((value) => Math.exp(20 * value));
    expect(errorAtCoverage(bent, correct)).toEqual(errorAtCoverage(confidence, correct));
  });

  it("refuses coverages that are no percentage, and confidences that are no number", () => {
    expect(() => errorAtCoverage([0.5], [1], [0])).toThrow("coverage 0: expected percent of the samples");
    expect(() => errorAtCoverage([0.5], [1], [101])).toThrow("coverage 101");
    expect(() => errorAtCoverage([0.5, Number.NaN], [1, 1])).toThrow("confidence 1 is NaN");
  });
});

describe("the risk-coverage curve", () => {
  it("has a point for each distinct confidence and ends at the error of all samples", () => {
    expect(riskCoverage([0.2, 0.9, 0.2, 0.4], [0, 1, 1, 0])).toEqual([
      { confidence: 0.9, coverage: 1 / 4, risk: 0 },
      { confidence: 0.4, coverage: 2 / 4, risk: 1 / 2 },
      { confidence: 0.2, coverage: 1, risk: 2 / 4 },
    ]);
  });

  it("has the area that a plain loop over the samples' thresholds finds", () => {
    const confidence = [0.3, 0.8, 0.8, 0.1, 0.6, 0.3, 0.95];
    const correct = [0, 1, 0, 0, 1, 1, 1];
    let expected = 0;
    for (const threshold of confidence) {
      const covered = confidence.flatMap((value, i) => (value >= threshold ? [correct[i]!] : []));
      expected += covered.filter((one) => one === 0).length / covered.length / confidence.length;
    }
    expect(areaUnderRiskCoverage(confidence, correct)).toBeCloseTo(expected, 14);
  });

  it("has area 0 without errors, 1 without correct predictions, and least when the errors come last", () => {
    expect(areaUnderRiskCoverage([0.1, 0.2], [1, 1])).toBe(0);
    expect(areaUnderRiskCoverage([0.1, 0.2], [0, 0])).toBe(1);
    const correct = [1, 1, 1, 0];
    expect(areaUnderRiskCoverage([4, 3, 2, 1], correct)).toBeLessThan(areaUnderRiskCoverage([1, 2, 3, 4], correct));
  });
});

// 60 samples on 25 confidences.
const confidence = Array.from({ length: 60 }, (_, i) => Math.floor(25 * Math.abs(Math.sin(i * i + 1))) / 25);
const correct = confidence.map((value, i) => value + Math.abs(Math.cos(3 * i)) > 0.8);
const riskFrom = (threshold: number) => {
  const chosen = correct.filter((_, i) => confidence[i]! >= threshold);
  return { coverage: chosen.length / 60, risk: chosen.filter((one) => !one).length / chosen.length };
};

describe("the threshold for a coverage", () => {
  it("is the confidence of the k-th most confident sample, and covers no fewer than k", () => {
    const sorted = [...confidence].sort((a, b) => b - a);
    for (let coverage = 1; coverage <= 100; coverage++) {
      const threshold = thresholdAtCoverage(confidence, coverage);
      expect(threshold).toBe(sorted[Math.max(1, Math.floor((coverage * 60) / 100)) - 1]);
      expect(riskFrom(threshold).risk).toBe(errorAtCoverage(confidence, correct, [coverage])[coverage]);
    }
  });

  it("orders infinite confidences, and refuses what is no coverage and no number", () => {
    expect(thresholdAtCoverage([-Infinity, Infinity, 3, Infinity], 75)).toBe(3);
    expect(() => thresholdAtCoverage([0.5], 0)).toThrow("coverage 0: expected percent of the samples");
    expect(() => thresholdAtCoverage([Number.NaN], 50)).toThrow("confidence 0 is NaN");
    expect(() => thresholdAtCoverage([], 50)).toThrow("no samples to measure");
  });
});

describe("the coverage at a risk", () => {
  it("is the largest of all thresholds with no more risk", () => {
    for (const target of [0, 0.05, 0.1, 0.2, 0.3, 1]) {
      const kept = confidence.map(riskFrom).filter(({ risk }) => risk <= target);
      expect(coverageAtRisk(confidence, correct, target)).toBe(Math.max(0, ...kept.map(({ coverage }) => coverage)));
    }
  });

  it("may lie beyond a part of the curve that exceeds the risk, and 0 where the risk is never so low", () => {
    expect(coverageAtRisk([0.9, 0.8, 0.7, 0.6], [0, 1, 1, 1], 0.25)).toBe(1);
    expect(coverageAtRisk([0.9, 0.8, 0.7, 0.6], [0, 1, 1, 1], 0.2)).toBe(0);
  });

  it("refuses a risk that is no fraction", () => {
    expect(() => coverageAtRisk([0.5], [1], 1.5)).toThrow("`risk`: received 1.5; expected a number from 0 to 1");
  });
});
