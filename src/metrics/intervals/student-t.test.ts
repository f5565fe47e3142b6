import { describe, expect, it } from "vitest";
import { studentQuantile } from "../index.js";

describe("the quantile of Student's t", () => {
  it.each([
    // scipy.stats.t.ppf((1 + level) / 2, degrees)
    [0.95, 1, 12.706204736174694],
    [0.95, 2, 4.302652729749462],
    [0.95, 3, 3.1824463052837078],
    [0.95, 4, 2.7764451051977934],
    [0.9, 9, 1.833112932656237],
    [0.99, 30, 2.7499956535672254],
  ])("at %d with %i degrees of freedom is SciPy's", (level, degrees, expected) => {
    expect(Math.abs(studentQuantile(level, degrees) / expected - 1)).toBeLessThan(1e-9);
  });

  it("comes close to the normal distribution's with many degrees of freedom", () => {
    expect(studentQuantile(0.95, 100_000)).toBeCloseTo(1.95996, 3);
  });

  it("refuses no degrees of freedom and a level that is no probability", () => {
    expect(() => studentQuantile(0.95, 0)).toThrow("0 degrees of freedom: expected 1 or more");
    expect(() => studentQuantile(1, 3)).toThrow(RangeError);
  });
});
