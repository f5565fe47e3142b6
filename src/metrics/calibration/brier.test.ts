import { describe, expect, it } from "vitest";
import { brierScore, brierScores, negativeLogLikelihood, negativeLogLikelihoods } from "../index.js";

// Twelve samples of four classes and a column that is none.
const [samples, columns, classes] = [12, 5, 4];
const logits = Float64Array.from({ length: samples * columns }, (_, k) => 4 * Math.sin(k * k + 3));
const labels = Array.from({ length: samples }, (_, i) => (i * i) % classes);

function probabilities(i: number, temperature: number): number[] {
  const exps = [0, 1, 2, 3].map((j) => Math.exp(logits[i * columns + j]! / temperature));
  const total = exps.reduce((sum, value) => sum + value, 0);
  return exps.map((value) => value / total);
}

describe("the Brier score", () => {
  it("is the mean squared distance of the classes' softmax from the one-hot label", () => {
    for (const temperature of [1, 0.5, 3]) {
      let expected = 0;
      for (let i = 0; i < samples; i++) {
        probabilities(i, temperature).forEach((p, j) => {
          expected += (p - (j === labels[i] ? 1 : 0)) ** 2 / samples;
        });
      }
      expect(brierScore(logits, labels, classes, temperature)).toBeCloseTo(expected, 13);
    }
  });

  it("is 0 for certainty of the label, 2 for certainty of another class, and 1 - 1/C for an even guess", () => {
    const sure = Float32Array.of(2000, 0, 0, 2000, 0, 0);
    expect([...brierScores(sure, [0, 1])]).toEqual([0, 2]);
    expect(brierScore(new Float32Array(10), [7])).toBeCloseTo(0.9, 14);
  });

  it("of probabilities is that of their logarithms", () => {
    const given = Float64Array.of(0.7, 0.2, 0.1, 0, 0.5, 0.5);
    const expected = (0.3 ** 2 + 0.2 ** 2 + 0.1 ** 2 + 0 + 0.5 ** 2 + 0.5 ** 2) / 2;
    expect(brierScore(given.map(Math.log), [0, 1])).toBeCloseTo(expected, 14);
  });

  it("refuses a label that is no class, too many classes, and a temperature of nothing", () => {
    expect(() => brierScore(logits, labels.with(3, 4), classes)).toThrow("label 4 of sample 3: expected a class");
    expect(() => brierScore(logits, labels, 6)).toThrow("6 classes of logits with 5 columns: expected 1 to 5");
    expect(() => brierScore(logits, labels, 4, 0)).toThrow("`temperature`: received 0; expected a number above 0");
  });
});

describe("the negative log-likelihood of each sample", () => {
  it("is minus the log of its label's probability among the classes, at any temperature", () => {
    for (const temperature of [1, 0.5, 3]) {
      const each = negativeLogLikelihoods(logits, labels, classes, temperature);
      each.forEach((value, i) => {
        expect(value).toBeCloseTo(-Math.log(probabilities(i, temperature)[labels[i]!]!), 12);
      });
      const mean = each.reduce((sum, value) => sum + value, 0) / samples;
      expect(negativeLogLikelihood(logits, labels, classes, temperature)).toBeCloseTo(mean, 14);
    }
  });
});
