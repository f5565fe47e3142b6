import { describe, expect, it } from "vitest";
import {
  confidenceText,
  counted,
  duration,
  exactPercent,
  percent,
  percentAtMost,
  radiusText,
  roughDuration,
} from "./format.js";

describe("numbers as text", () => {
  it("give fractions in percent", () => {
    expect([0.4813, 1, 0].map((value) => percent(value))).toEqual(["48.1%", "100.0%", "0.0%"]);
    expect([percent(0.12345, 2), percent(null)]).toEqual(["12.35%", "unknown"]);
    expect([0.011801, 0.0075, 0.29].map((bound) => percentAtMost(bound))).toEqual(["1.19%", "0.75%", "29.00%"]);
    expect([0.99985, 0.9, 0.5, 1, -2.304, 12.345].map(confidenceText)).toEqual([
      "0.99985",
      "0.9",
      "0.5",
      "1",
      "-2.3",
      "12.3",
    ]);
    expect([0.01, 0.29, 0.999, 0.9999].map(exactPercent)).toEqual(["1.0%", "29.0%", "99.9%", "99.99%"]);
  });

  it("give times in the units that fit, and never sixty of one", () => {
    expect([0.04, 8.23, 9.96, 59.4].map(duration)).toEqual(["0.0 s", "8.2 s", "10 s", "59 s"]);
    expect([59.96, 134, 3599].map(duration)).toEqual(["1 min 00 s", "2 min 14 s", "59 min 59 s"]);
    expect([3599.7, 11100, 86399].map(duration)).toEqual(["1 h 00 min", "3 h 05 min", "24 h 00 min"]);
  });

  it("give estimates in one unit", () => {
    expect([8.23, 41, 134, 11100].map(roughDuration)).toEqual(["8.2 s", "41 s", "2 min", "3.1 h"]);
  });

  it("give the radius of a ball in its norm", () => {
    expect(radiusText({ norm: "inf", epsilon: 8 / 255 })).toBe("0.0313725 (8/255)");
    expect(radiusText({ norm: "2", epsilon: 0.5 })).toBe("0.5 in the 2 norm");
  });

  it("count things in the singular or the plural", () => {
    expect([0, 1, 2].map((runs) => counted(runs, "run"))).toEqual(["0 runs", "1 run", "2 runs"]);
    expect([counted(1, "class", "classes"), counted(3, "class", "classes")]).toEqual(["1 class", "3 classes"]);
  });
});
