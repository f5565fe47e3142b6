import { describe, expect, it } from "vitest";
import { randomFrom } from "../../../data/index.js";
import { estimateWrongFraction } from "./wrong-fraction.js";

const random = randomFrom(4, "wrong share test");
/** Close to normal: the sum of twelve uniform draws. */
const normal = () => Array.from({ length: 12 }, () => random.integer(1e6) / 1e6).reduce((a, b) => a + b, -6);
const component = (count: number, mean: number) => Array.from({ length: count }, () => mean + normal());

describe("the estimated share of wrong labels", () => {
  it.each([0.05, 0.2, 0.4, 0.7])("is that of the lower of two heaps of margins, %f", (share) => {
    const margins = Float64Array.from([...component(4000 * share, -2), ...component(4000 * (1 - share), 1.5)]);
    expect(Math.abs(estimateWrongFraction(margins) - share)).toBeLessThan(0.02);
  });

  it("does not change with the scale of the margins", () => {
    const margins = Float64Array.from([...component(600, -2), ...component(1400, 1.5)]);
    expect(estimateWrongFraction(margins.map((margin) => 50 * margin))).toBeCloseTo(estimateWrongFraction(margins), 4);
  });

  it("is not fooled by the skewed margins of clean data, few of which are negative", () => {
    const skewed = (shift: number) =>
      Float64Array.from({ length: 4000 }, () => shift - Math.log(random.integer(1e6) / 1e6 + 1e-9));
    const uniform = Float64Array.from({ length: 4000 }, () => random.integer(1e6) / 1e5);
    expect([skewed(0), skewed(-0.1), uniform].map(estimateWrongFraction)).toEqual([0, 0, 0]);
    const squared = skewed(0).map((value) => value ** 2 - 0.05);
    expect(estimateWrongFraction(squared)).toBeLessThanOrEqual(squared.filter((value) => value < 0).length / 4000);
  });

  it("is 0 where there is one heap, and where all margins are equal", () => {
    expect(estimateWrongFraction(Float64Array.from(component(4000, 3)))).toBe(0);
    expect(estimateWrongFraction(new Float64Array(10).fill(2))).toBe(0);
    expect(estimateWrongFraction(Float64Array.of(1))).toBe(0);
  });
});
