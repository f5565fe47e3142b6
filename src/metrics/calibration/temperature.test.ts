import { describe, expect, it } from "vitest";
import { fitTemperature, negativeLogLikelihood, predictions, temperatureBounds } from "../index.js";

let state = 17;
const draw = () => {
  state = (state * 16807) % 2147483647;
  return state / 2147483647;
};

/** Labels drawn from the softmax of logits, which are then scaled by `sureness`; and a column that is no class. */
function drawn(samples: number, classes: number, sureness: number) {
  const logits = new Float64Array(samples * (classes + 1));
  const labels = Array.from({ length: samples }, (_, i) => {
    const row = Array.from({ length: classes }, () => 4 * draw() - 2);
    logits.set([...row.map((value) => value * sureness), 100 * draw()], i * (classes + 1));
    return categorical(row.map(Math.exp));
  });
  return { logits, labels };
}

function categorical(weights: readonly number[]): number {
  let left = draw() * weights.reduce((sum, weight) => sum + weight, 0);
  return Math.max(
    0,
    weights.findIndex((weight) => {
      left -= weight;
      return left <= 0;
    }),
  );
}

describe("the fitted temperature", () => {
  it.each([0.3, 1, 4])("is the best of a fine grid for logits %s times too sure", (sureness) => {
    const { logits, labels } = drawn(300, 5, sureness);
    const fitted = fitTemperature(logits, labels, 5);
    const nll = (temperature: number) => negativeLogLikelihood(logits, labels, 5, temperature);
    const step = 1.002;
    let best = temperatureBounds.lowest;
    for (let t = best; t <= temperatureBounds.highest; t *= step) if (nll(t) < nll(best)) best = t;
    expect(fitted / best).toBeGreaterThan(1 / step);
    expect(fitted / best).toBeLessThan(step);
    expect(nll(fitted)).toBeLessThanOrEqual(nll(best));
  });

  it("finds how much too sure the network is", () => {
    const { logits, labels } = drawn(4000, 5, 3);
    expect(Math.abs(fitTemperature(logits, labels, 5) - 3)).toBeLessThan(0.3);
  });

  it("scales with the logits and does not change with shifts of entire rows", () => {
    const { logits, labels } = drawn(200, 4, 1);
    const fitted = fitTemperature(logits, labels, 4);
    expect(
      fitTemperature(
        logits.map((z) => 2 * z),
        labels,
        4,
      ) / fitted,
    ).toBeCloseTo(2, 10);
    expect(
      fitTemperature(
        logits.map((z, k) => z + 7 * Math.floor(k / 5)),
        labels,
        4,
      ),
    ).toBeCloseTo(fitted, 10);
  });

  it("stays within its bounds where all predictions are correct, all wrong, or the labels independent of the logits", () => {
    const { logits } = drawn(50, 4, 1);
    const predicted = predictions(logits, 50, 4);
    expect(fitTemperature(logits, predicted, 4)).toBe(temperatureBounds.lowest);
    expect(
      fitTemperature(
        logits,
        predicted.map((prediction) => (prediction + 1) % 4),
        4,
      ),
    ).toBe(temperatureBounds.highest);
  });

  it("is 1 where it makes no difference, and finite for logits beyond what exp can hold", () => {
    expect(fitTemperature(new Float32Array(20).fill(3), [0, 1, 2, 3], 5)).toBe(1);
    expect(fitTemperature(Float32Array.of(1, 2), [0, 0], 1)).toBe(1);
    const huge = Float32Array.of(5000, 4000, 5000, 4000, 5000, 4000);
    expect(fitTemperature(huge, [0, 0, 1])).toBe(temperatureBounds.highest);
  });

  it("refuses labels that are no class", () => {
    expect(() => fitTemperature(new Float32Array(4), [0, 2], 2)).toThrow("label 2 of sample 1: expected a class");
  });
});
