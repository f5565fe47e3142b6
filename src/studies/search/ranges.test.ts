import { describe, expect, it } from "vitest";
import { drawValue, type Range } from "./ranges.js";

const draws = (key: string, range: Range, trials = 400) =>
  Array.from({ length: trials }, (_, trial) => drawValue(key, range, trial, 0) as number);
const fraction = (values: readonly unknown[], holds: (value: number) => boolean) =>
  values.filter((value) => holds(value as number)).length / values.length;

describe("the values that a search draws", () => {
  it("are the same for a key, a trial and a seed, and differ with each of them", () => {
    const range: Range = { min: 0, max: 1, scale: "linear" };
    expect(drawValue("lr", range, 3, 0)).toBe(drawValue("lr", range, 3, 0));
    const others = [drawValue("lr", range, 4, 0), drawValue("lr", range, 3, 1), drawValue("minLr", range, 3, 0)];
    expect(new Set([drawValue("lr", range, 3, 0), ...others]).size).toBe(4);
  });

  it("are spread evenly over an interval, or over its logarithm", () => {
    const linear = draws("lr", { min: 0.1, max: 0.3, scale: "linear" });
    const log = draws("lr", { min: 0.001, max: 0.1, scale: "log" });
    for (const [values, min, middle, max] of [
      [linear, 0.1, 0.2, 0.3],
      [log, 0.001, 0.01, 0.1],
    ] as const) {
      expect(values.every((value) => value >= min && value <= max)).toBe(true);
      // Four standard deviations of a fraction of 400.
      expect(Math.abs(fraction(values, (value) => value < middle) - 0.5)).toBeLessThan(0.1);
    }
  });

  it("are whole for keys of whole numbers, the ends included, and not for others", () => {
    const widths = draws("width", { min: 8, max: 10, scale: "linear" });
    expect(new Set(widths)).toEqual(new Set([8, 9, 10]));
    expect(new Set(draws("startEpoch", { min: 1, max: 4, scale: "log" }))).toEqual(new Set([1, 2, 3, 4]));
    expect(draws("targetMomentum", { min: 0, max: 1, scale: "linear" }, 20).some((value) => value % 1 !== 0)).toBe(
      true,
    );
  });

  it("are each of a list", () => {
    const drawn = draws("objective", ["ce", "sat", null]);
    for (const value of ["ce", "sat", null])
      expect(Math.abs(fraction(drawn, (one) => (one as unknown) === value) - 1 / 3)).toBeLessThan(0.1);
  });
});
