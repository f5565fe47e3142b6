import { describe, expect, it } from "vitest";
import { confidenceBy, type OutputScore, scoreNames, softmaxResponse } from "../index.js";

const outputScores = scoreNames.filter((name) => name !== "mc-dropout");

// Eight samples of three classes, with one column after them and three that no score reads.
const [samples, classes, columns] = [8, 3, 7];
const outputs = Float64Array.from({ length: samples * columns }, (_, k) => 3 * Math.sin(k * k + 1));
const row = (i: number) => [...outputs.subarray(i * columns, (i + 1) * columns)];

function softmax(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + Math.exp(value), 0);
  return values.map((value) => Math.exp(value) / total);
}

/** The definitions of the scores, word for word. */
const definitions: Record<OutputScore, (values: number[], temperature: number) => number> = {
  abstention: (values, t) => 1 - softmax(values.slice(0, 4).map((value) => value / t))[3]!,
  selection: (values) => 1 / (1 + Math.exp(-values[3]!)),
  "softmax-response": (values, t) => Math.max(...softmax(values.slice(0, 3).map((value) => value / t))),
  "max-logit": (values, t) => Math.max(...values.slice(0, 3).map((value) => value / t)),
  entropy: (values, t) =>
    softmax(values.slice(0, 3).map((value) => value / t)).reduce((sum, p) => sum + p * Math.log(p), 0),
  energy: (values, t) => Math.log(values.slice(0, 3).reduce((sum, value) => sum + Math.exp(value / t), 0)),
};

describe("the scores of a network's outputs", () => {
  it.each(outputScores)("%s follows its definition, with and without a temperature", (score) => {
    for (const temperature of [1, 0.4, 2.5]) {
      const confidence = confidenceBy(score, outputs, samples, classes, temperature);
      expect(confidence).toHaveLength(samples);
      confidence.forEach((value, i) => {
        expect(value).toBeCloseTo(definitions[score](row(i), temperature), 12);
      });
    }
  });

  it.each(outputScores)("%s stays finite for outputs far beyond what exp can hold", (score) => {
    const huge = Float32Array.of(5000, -5000, 20, 4000, -5000, 5000, 0, -4000);
    expect([...confidenceBy(score, huge, 2, classes, 0.5)].every(Number.isFinite)).toBe(true);
  });

  it.each(outputScores)("%s of an output that is NaN is NaN, never a confidence", (score) => {
    const invalid = Float32Array.of(0, score === "selection" ? 0 : Number.NaN, 1, Number.NaN);
    expect(confidenceBy(score, invalid, 1, classes)[0]).toBeNaN();
  });

  it.each(outputScores)("%s is higher for a surer sample", (score) => {
    const last = score === "selection" ? 5 : -5;
    const [unsure, sure] = confidenceBy(score, Float32Array.of(1, 0.5, 0, 0.5, 6, 0, 0, last), 2, classes);
    expect(sure! - unsure!).toBeGreaterThan(0);
  });

  it("keep the order of samples that are declined with near certainty", () => {
    const declined = Float64Array.of(0, 0, 50, 0, 0, 60);
    const [abstaining, rather] = confidenceBy("abstention", declined, 2, 2);
    expect(abstaining).toBeGreaterThan(rather!);
    expect(rather).toBeGreaterThan(0);
    const [rejected, surely] = confidenceBy("selection", Float64Array.of(0, 0, -50, 0, 0, -60), 2, 2);
    expect(rejected).toBeGreaterThan(surely!);
    expect(surely).toBeGreaterThan(0);
  });

  it("of an even guess are 1 / C, minus log C and log C", () => {
    const even = new Float32Array(10);
    expect(confidenceBy("softmax-response", even, 1, 10)[0]).toBeCloseTo(0.1, 15);
    expect(confidenceBy("entropy", even, 1, 10)[0]).toBeCloseTo(-Math.log(10), 14);
    expect(confidenceBy("energy", even, 1, 10)[0]).toBeCloseTo(Math.log(10), 14);
  });

  it("without further columns agree with the softmax of every column", () => {
    expect(softmaxResponse(outputs, samples)).toEqual(confidenceBy("softmax-response", outputs, samples, columns));
  });

  it("refuse outputs without the column they need, and temperatures that are not positive", () => {
    const plain = new Float32Array(6);
    expect(() => confidenceBy("abstention", plain, 2, 3)).toThrow(
      "the score abstention of 3 classes: expected 4 columns or more, not 3",
    );
    expect(() => confidenceBy("selection", plain, 2, 3)).toThrow("expected 4 columns or more, not 3");
    expect(() => confidenceBy("energy", plain, 2, 4)).toThrow("expected 4 columns or more, not 3");
    expect(() => confidenceBy("energy", plain, 4, 1)).toThrow("6 logits do not divide into 4 rows");
    expect(() => confidenceBy("energy", plain, 2, 3, 0)).toThrow(
      "`temperature`: received 0; expected a number above 0",
    );
    expect(() => confidenceBy("energy", plain, 2, 3, Number.NaN)).toThrow("`temperature`: received NaN");
  });
});
