import { describe, expect, it } from "vitest";
import { widthRule } from "./width-rule.js";

describe("the width rule", () => {
  it.each([
    [64, 0.9, 40],
    [32, 0.9 ** 0.5, 80],
    [9, 0.9 ** (9 / 64), 284],
    [1, 0.9 ** (1 / 64), 2560],
  ])("takes the paper's 0.9 from epoch 40 to width %i", (width, targetMomentum, startEpoch) => {
    const settings = widthRule({ targetMomentum: 0.9, startEpoch: 40 }, width);
    expect(settings.startEpoch).toBe(startEpoch);
    expect(settings.targetMomentum).toBeCloseTo(targetMomentum, 12);
  });
});
