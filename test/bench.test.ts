// The arithmetic and the output of the benchmarks; their figures are no test's business.
import { describe, expect, it } from "vitest";
import { compare, isMet, type Measurement, median } from "../bench/measurement.mjs";
import { json, table } from "../bench/report.mjs";

const rate: Measurement = { name: "rate", unit: "images/s", ours: 120, theirs: 100, ratio: 1.2, target: 1.05 };
const alone: Measurement = { name: "alone", unit: "images/s", ours: 120, theirs: null, ratio: null, target: 1.05 };

describe("the figures of a benchmark", () => {
  it("are medians: the middle value, or the mean of the two in the middle", () => {
    expect(median([5])).toBe(5);
    expect(median([10, 9, 1])).toBe(9);
    expect(median([100, 1, 2, 4])).toBe(3);
  });

  it("leave the values that they are taken of in their order, and need at least one", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
    expect(() => median([])).toThrow("no values");
  });

  it("have a ratio over 1 where we are better, be it more images or fewer seconds", () => {
    const figures = { name: "f", unit: "u", ours: 20, theirs: 10, target: 1 };
    expect(compare({ ...figures, better: "more" }).ratio).toBe(2);
    expect(compare({ ...figures, better: "less" }).ratio).toBe(0.5);
  });

  it("have no ratio, and neither reach nor miss a target, where there is nothing to compare with", () => {
    const missing = compare({ name: "f", unit: "u", ours: 20, theirs: null, target: 1, better: "more" });
    expect(missing.ratio).toBeNull();
    expect(isMet(missing)).toBeNull();
    expect(isMet(rate)).toBe(true);
    expect(isMet({ ...rate, target: 1.2 })).toBe(true);
    expect(isMet({ ...rate, ratio: 1.04 })).toBe(false);
  });

  it("are one line of JSON for programs", () => {
    expect(json([rate, alone])).not.toContain("\n");
    expect(JSON.parse(json([rate, alone]))).toEqual({ measurements: [rate, alone] });
  });

  it("are a table for people that says which targets were met", () => {
    const [headings, ...rows] = table([rate, alone, { ...rate, name: "slow", ratio: 0.5 }]).split("\n");
    expect(headings).toMatch(/^measurement +unit +ours +theirs +ratio +target$/);
    expect(rows[0]).toMatch(/^rate +images\/s +120 +100 +1\.2 +>= 1\.05 +met$/);
    expect(rows[1]).toMatch(/^alone +images\/s +120 +- +- +>= 1\.05$/);
    expect(rows[2]).toMatch(/ 0\.5 +>= 1\.05 +missed$/);
  });
});
