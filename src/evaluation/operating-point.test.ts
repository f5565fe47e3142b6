import { describe, expect, it } from "vitest";
import { binomialInterval } from "../metrics/index.js";
import { operatingPoint } from "./operating-point.js";

const confidence = Float64Array.of(0.9, 0.5, 0.7, 0.5, 0.1);
const correct = Uint8Array.of(1, 0, 1, 1, 0);

/** The chance of `count` or fewer of `samples`, each by chance `share`. */
function atMost(count: number, samples: number, share: number): number {
  let [sum, ways] = [0, 1];
  for (let k = 0; k <= count; k++) {
    sum += ways * share ** k * (1 - share) ** (samples - k);
    ways = (ways * (samples - k)) / (k + 1);
  }
  return sum;
}

describe("an operating point", () => {
  it("answers what is at the threshold or above, all of equal confidence", () => {
    expect(operatingPoint(confidence, correct, 0.5)).toMatchObject({
      accepted: 4,
      wrong: 1,
      coverage: 0.8,
      risk: 0.25,
    });
    expect(operatingPoint(confidence, correct, 0.51)).toMatchObject({ accepted: 2, wrong: 0, coverage: 0.4, risk: 0 });
  });

  it("has no error where nothing is answered", () => {
    const { risk, coverage, intervals } = operatingPoint(confidence, correct, 1);
    expect({ risk, coverage, of: intervals.risk }).toEqual({ risk: null, coverage: 0, of: null });
    expect(intervals.coverage[0]).toBe(0);
  });

  it("leaves an error possible that was never seen", () => {
    expect(operatingPoint(confidence, correct, 0.7).intervals.risk?.[1]).toBeCloseTo(1 - Math.sqrt(0.025), 12);
  });

  it.each([
    [3, 20],
    [1, 7],
    [10, 12],
  ])("has the exact interval of %i in %i: as few, and as many, have 2.5% each", (count, samples) => {
    const [low, high] = binomialInterval(count, samples);
    expect(atMost(count, samples, high)).toBeCloseTo(0.025, 10);
    expect(1 - atMost(count - 1, samples, low)).toBeCloseTo(0.025, 10);
  });
});
