import { describe, expect, it } from "vitest";
import { areaUnderRoc, averagePrecision } from "./index.js";

// Scores of a small linear congruence with many ties; positives a little higher.
let state = 11;
const draw = () => {
  state = (state * 16807) % 2147483647;
  return state / 2147483647;
};
const positives = Array.from({ length: 300 }, () => draw() < 0.3);
const scores = positives.map((positive) => Math.round(20 * draw() + (positive ? 5 : 0)));

describe("the area under the ROC curve", () => {
  it("is the fraction of pairs in the right order, ties counted half", () => {
    let [right, pairs] = [0, 0];
    positives.forEach((positive, p) => {
      if (!positive) return;
      positives.forEach((other, n) => {
        if (other) return;
        pairs += 1;
        if (scores[p]! > scores[n]!) right += 1;
        if (scores[p] === scores[n]) right += 0.5;
      });
    });
    expect(areaUnderRoc(scores, positives)).toBeCloseTo(right / pairs, 12);
  });

  it("is that of scikit-learn's example, 1 for a perfect order, 0 for its reverse and 1/2 for equal scores", () => {
    expect(areaUnderRoc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.75);
    expect(areaUnderRoc([1, 2, 3, 4], [0, 0, 1, 1])).toBe(1);
    expect(areaUnderRoc([1, 2, 3, 4], [1, 1, 0, 0])).toBe(0);
    expect(areaUnderRoc([5, 5, 5], [1, 0, 1])).toBe(0.5);
  });

  it("depends on the order of the scores alone, infinite ones too, and turns with their sign", () => {
    const area = areaUnderRoc(scores, positives);
    expect(areaUnderRoc(scores.map(Math.exp), positives)).toBe(area);
    expect(
      areaUnderRoc(
        scores.map((score) => -score),
        positives,
      ),
    ).toBeCloseTo(1 - area, 12);
    expect(areaUnderRoc([-Infinity, 0, Infinity, Infinity], [0, 1, 1, 0])).toBe(0.625);
  });

  it("refuses what has no such area", () => {
    expect(() => areaUnderRoc([1, 2], [1, 1])).toThrow("all 2 samples are positive: expected some negative");
    expect(() => areaUnderRoc([1, 2], [0, 0])).toThrow("none of 2 samples is positive: expected at least one");
    expect(() => areaUnderRoc([1], [0, 1])).toThrow("1 scores for 2 outcomes: expected one for each");
    expect(() => areaUnderRoc([1, Number.NaN], [0, 1])).toThrow("score 1 is NaN");
  });
});

describe("average precision", () => {
  it("is the sum over the distinct scores of the recall gained times the precision", () => {
    const all = positives.filter(Boolean).length;
    let [sum, recall] = [0, 0];
    for (const threshold of [...new Set(scores)].sort((a, b) => b - a)) {
      const kept = positives.filter((_, i) => scores[i]! >= threshold);
      const retrieved = kept.filter(Boolean).length;
      sum += (retrieved / all - recall) * (retrieved / kept.length);
      recall = retrieved / all;
    }
    expect(averagePrecision(scores, positives)).toBeCloseTo(sum, 12);
  });

  it("is that of scikit-learn's example, 1 for a perfect order and the fraction of positives for equal scores", () => {
    expect(averagePrecision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBeCloseTo(0.8333333333333333, 15);
    expect(averagePrecision([1, 2, 3, 4], [0, 0, 1, 1])).toBe(1);
    expect(averagePrecision([5, 5, 5, 5], [1, 0, 0, 0])).toBe(0.25);
    expect(averagePrecision([1, 2], [true, true])).toBe(1);
  });

  it("does not depend on the order of the samples", () => {
    const reversed = averagePrecision([...scores].reverse(), [...positives].reverse());
    expect(reversed).toBe(averagePrecision(scores, positives));
  });

  it("refuses samples without a positive", () => {
    expect(() => averagePrecision([1, 2], [0, 0])).toThrow("none of 2 samples is positive");
    expect(() => averagePrecision([], [])).toThrow("none of 0 samples is positive");
  });
});
