import { describe, expect, it } from "vitest";
import { areaDifferences, areaUnderRiskCoverage } from "../index.js";

const correct = Array.from({ length: 60 }, (_, i) => Number(i % 5 > 0));
const perfect = correct.map((one, i) => one + i / 1000);
const reversed = perfect.map((value) => -value);
/** As good as a coin. */
const shuffled = correct.map((_, i) => (i * 37) % 60);

describe("differences of areas under the risk-coverage curve", () => {
  it("are those of the areas, with an interval that excludes zero where a ranking is clearly better or worse", () => {
    const [better, worse, same] = areaDifferences(shuffled, [perfect, reversed, shuffled], correct, { seed: 1 });
    const area = (confidence: readonly number[]) => areaUnderRiskCoverage(confidence, correct);
    expect(better?.value).toBeCloseTo(area(perfect) - area(shuffled), 14);
    expect(worse?.value).toBeCloseTo(area(reversed) - area(shuffled), 14);
    expect(better?.interval[1]).toBeLessThan(0);
    expect(worse?.interval[0]).toBeGreaterThan(0);
    expect(same).toEqual({ value: 0, interval: [0, 0] });
  });

  it("need a confidence for every sample", () => {
    expect(() => areaDifferences(perfect, [[1, 2]], correct)).toThrow(RangeError);
  });
});
