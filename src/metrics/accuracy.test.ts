import { describe, expect, it } from "vitest";
import { accuracy, correctness, negativeLogLikelihood, predictions } from "./index.js";

// Three samples of three classes: predictions 1, 0 (a tie of 0 and 2) and 2.
const logits = Float32Array.of(0, 2, 1, 5, -1, 5, -3, -2, -1);

describe("predictions", () => {
  it("are the class of the largest logit, and the first of equals", () => {
    expect([...predictions(logits, 3)]).toEqual([1, 0, 2]);
  });

  it("leave the abstain column out when given the number of classes", () => {
    expect([...predictions(logits, 3, 2)]).toEqual([1, 0, 1]);
  });

  it("refuses logits that do not divide into rows, and more classes than columns", () => {
    expect(() => predictions(logits, 4)).toThrow("9 logits do not divide into 4 rows");
    expect(() => predictions(logits, 3, 4)).toThrow("4 classes of logits with 3 columns: expected 1 to 3");
    expect(() => predictions(logits, 0)).toThrow("no samples to measure");
  });
});

describe("accuracy", () => {
  it("is the fraction of samples predicted correctly", () => {
    expect(accuracy(logits, [1, 2, 2])).toBeCloseTo(2 / 3, 15);
    expect([...correctness(logits, [1, 2, 2])]).toEqual([1, 0, 1]);
  });

  it("does not depend on the order of the samples", () => {
    const swapped = Float32Array.of(-3, -2, -1, 5, -1, 5, 0, 2, 1);
    expect(accuracy(swapped, [2, 2, 1])).toBe(accuracy(logits, [1, 2, 2]));
  });
});

describe("negative log-likelihood", () => {
  it("equals minus the mean log of the softmax of the label", () => {
    const labels = [1, 2, 0];
    let expected = 0;
    for (let i = 0; i < 3; i++) {
      const exps = [0, 1, 2].map((j) => Math.exp(logits[i * 3 + j]!));
      expected -= Math.log(exps[labels[i]!]! / (exps[0]! + exps[1]! + exps[2]!)) / 3;
    }
    expect(negativeLogLikelihood(logits, labels)).toBeCloseTo(expected, 12);
  });

  it("stays finite and exact for logits far beyond what exp can hold", () => {
    const huge = Float64Array.of(5000, 4000, -5000, -5000);
    expect(negativeLogLikelihood(huge, [1, 0])).toBeCloseTo((1000 + Math.log(2)) / 2, 9);
  });

  it("does not change when a row is shifted by a constant", () => {
    const shifted = Float64Array.from(logits, (value, k) => value + Math.floor(k / 3) * 7);
    expect(negativeLogLikelihood(shifted, [0, 1, 2])).toBeCloseTo(negativeLogLikelihood(logits, [0, 1, 2]), 12);
  });

  it("refuses a label that is no class", () => {
    expect(() => negativeLogLikelihood(logits, [0, 3, 1])).toThrow("label 3 of sample 1: expected a class from 0 to 2");
  });
});
