import { describe, expect, it } from "vitest";
import { binomialInterval } from "./binomial-interval.js";

describe("the exact interval of a proportion", () => {
  it.each([
    // scipy.stats.beta.ppf(0.025, count, samples - count + 1), beta.ppf(0.975, count + 1, samples - count)
    [5, 10, 0.18708602844739855, 0.8129139715526015],
    [81, 100, 0.7193020420263876, 0.8815568038674564],
  ])("of %i in %i is that of its published formula", (count, samples, low, high) => {
    const [lowest, highest] = binomialInterval(count, samples);
    expect(lowest).toBeCloseTo(low, 12);
    expect(highest).toBeCloseTo(high, 12);
  });

  it("has closed ends where all or none were counted", () => {
    const [low, high] = binomialInterval(0, 20);
    expect(low).toBe(0);
    expect(high).toBeCloseTo(1 - 0.025 ** (1 / 20), 12);
    expect(binomialInterval(20, 20)).toEqual([1 - high, 1]);
  });

  it("contains the fraction counted, wider for a higher level", () => {
    const [low, high] = binomialInterval(30, 40);
    const [lower, higher] = binomialInterval(30, 40, 0.99);
    expect([lower < low, low < 0.75, 0.75 < high, high < higher]).toEqual([true, true, true, true]);
  });

  it("refuses a level that is no probability", () => {
    expect(() => binomialInterval(1, 2, 1)).toThrow(RangeError);
  });
});
