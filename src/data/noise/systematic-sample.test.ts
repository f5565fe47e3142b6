import { describe, expect, it } from "vitest";
import { randomFrom } from "../random.js";
import { systematicSample } from "./systematic-sample.js";

/** How often each item is drawn, of `times` draws. */
function shares(weights: Float64Array, count: number, times = 4000): number[] {
  const drawn = new Float64Array(weights.length);
  for (let seed = 0; seed < times; seed++) {
    for (const item of systematicSample(weights, count, randomFrom(seed))) drawn[item]! += 1 / times;
  }
  return [...drawn];
}

describe("a systematic sample", () => {
  it("has exactly the count, each item once", () => {
    const weights = Float64Array.from({ length: 500 }, (_, i) => 0.2 + Math.sin(i) ** 2);
    for (const count of [0, 1, 137, 499, 500]) {
      const sample = systematicSample(weights, count, randomFrom(count, "exact"));
      expect(sample).toHaveLength(count);
      expect(new Set(sample).size).toBe(count);
    }
    expect(() => systematicSample(weights, 501, randomFrom(0))).toThrow("cannot draw 501 of 500");
  });

  it("takes each item with a chance in proportion to its weight", () => {
    shares(Float64Array.of(1, 2, 3, 4), 2).forEach((share, i) => {
      expect(Math.abs(share - (2 * (i + 1)) / 10)).toBeLessThan(0.035);
    });
  });

  it("is sure of an item too heavy for that, and shares the rest among the others", () => {
    const [light, heavy, middle] = shares(Float64Array.of(1, 20, 2), 2);
    expect(heavy).toBeCloseTo(1, 10);
    expect(Math.abs(light! - 1 / 3)).toBeLessThan(0.035);
    expect(Math.abs(middle! - 2 / 3)).toBeLessThan(0.035);
  });
});
