import { describe, expect, it } from "vitest";
import { normalizedMargin, selfConfidence } from "../index.js";

const probabilities = Float64Array.of(0.7, 0.2, 0.1, 0.1, 0.3, 0.6, 0.5, 0.5, 0);
const labels = [0, 1, 1];

describe("self-confidence", () => {
  it("is the probability of the given label", () => {
    expect([...selfConfidence(probabilities, labels)]).toEqual([0.7, 0.3, 0.5]);
  });

  it("refuses labels that are no class, and rows that do not fit", () => {
    expect(() => selfConfidence(probabilities, [0, 3, 1])).toThrow("label 3 of sample 1: expected a class from 0 to 2");
    expect(() => selfConfidence(probabilities, [0, 1])).toThrow("do not divide into 2 rows");
    expect(() => selfConfidence(Float64Array.of(0.5, Number.NaN), [0])).toThrow("a probability of sample 0 is NaN");
  });
});

describe("the normalized margin", () => {
  it("is how far the given label is ahead of the best other, mapped to [0, 1]", () => {
    const expected = [(0.7 - 0.2 + 1) / 2, (0.3 - 0.6 + 1) / 2, 0.5];
    normalizedMargin(probabilities, labels).forEach((margin, i) => {
      expect(margin).toBeCloseTo(expected[i]!, 15);
    });
    expect([...normalizedMargin(Float32Array.of(1, 0, 1, 0), [0, 1])]).toEqual([1, 0]);
  });

  it("has none for a single class", () => {
    expect(() => normalizedMargin(Float64Array.of(1, 1), [0, 0])).toThrow("a margin of 1 class: expected two or more");
  });
});
