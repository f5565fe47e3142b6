import { describe, expect, it } from "vitest";
import { recalibration } from "./index.js";

const many = (pWrong: number, count: number, wrong: number) =>
  Array.from({ length: count }, (_, i) => ({ pWrong, wrong: i < wrong }));

describe("P(wrong) recalibrated by verdicts", () => {
  it("is as before without verdicts", () => {
    expect([0, 0.3, 1].map(recalibration([]))).toEqual([0, 0.3, 1]);
  });

  it("of one band is the posterior mean of its Beta prior", () => {
    expect(recalibration(many(0.8, 10, 2))(0.8)).toBeCloseTo((5 * 0.8 + 2) / 15, 12);
    expect(recalibration(many(0.8, 1, 1))(0.8)).toBeCloseTo((5 * 0.8 + 1) / 6, 12);
  });

  it("shifts what lies beyond the verdicts less, the farther it is", () => {
    const recalibrate = recalibration(many(0.5, 20, 0));
    const logit = (p: number) => Math.log(p / (1 - p));
    const shift = logit(2.5 / 25);
    for (const p of [0.001, 0.2, 0.9]) {
      const faded = shift * Math.exp(-Math.abs(logit(p)) / Math.abs(shift));
      expect(logit(recalibrate(p)) - logit(p)).toBeCloseTo(faded, 12);
    }
    expect(recalibrate(0.001)).toBeGreaterThan(0.0009);
  });

  it("keeps the order of P(wrong) however far the verdicts are from it", () => {
    for (const checked of [many(0.97, 400, 4), many(0.02, 400, 390), [...many(0.3, 40, 38), ...many(0.7, 40, 1)]]) {
      const recalibrate = recalibration(checked);
      const at = Array.from({ length: 1001 }, (_, i) => recalibrate(i / 1000));
      expect(at).toEqual(at.toSorted((a, b) => a - b));
    }
  });

  it("stays ascending where the verdicts are not: bands out of order get their common rate", () => {
    const recalibrate = recalibration([...many(0.3, 20, 12), ...many(0.6, 20, 4), ...many(0.9, 20, 18)]);
    const pooled = (5 * 0.3 + 12 + 5 * 0.6 + 4) / 50;
    expect(recalibrate(0.3)).toBeCloseTo(pooled, 12);
    expect(recalibrate(0.6)).toBeCloseTo(pooled, 12);
    expect(recalibrate(0.9)).toBeCloseTo((5 * 0.9 + 18) / 25, 12);
    const at = Array.from({ length: 101 }, (_, i) => recalibrate(i / 100));
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(at.every((p) => p >= 0 && p <= 1)).toBe(true);
  });

  it("finds the rates of a score that is wrong by much", () => {
    // Claims 1 - (1 - p)^4 where p is the true rate; 2,000 verdicts, evenly spaced.
    const checked = Array.from({ length: 2000 }, (_, i) => {
      const p = (i + 0.5) / 2000;
      return { pWrong: 1 - (1 - p) ** 4, wrong: Math.floor(((i * 0.6180339887) % 1) * 1e6) / 1e6 < p };
    });
    const recalibrate = recalibration(checked);
    for (const p of [0.1, 0.3, 0.5]) expect(Math.abs(recalibrate(1 - (1 - p) ** 4) - p)).toBeLessThan(0.06);
  });
});
