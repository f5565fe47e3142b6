import { describe, expect, it } from "vitest";
import { tinyRecipe, tinyShapes } from "../../test/support/tiny-run.js";
import { randomFrom } from "../data/index.js";
import { ratePlotSvg } from "../reports/index.js";
import { parseRecipe } from "../runs/recipe/schema.js";
import { findLearningRate, nextPoint, type RatePoint, suggestRate } from "./find-lr.js";

const recipe = parseRecipe({ ...tinyRecipe, data: "(in memory)", model: "mlp", width: 2, noise: "none" });

describe("a range test", () => {
  it("raises the rate by equal factors and suggests one below that of the lowest loss, the same each time", async () => {
    const found = await findLearningRate(recipe, tinyShapes);
    const { points, suggested, lowest } = found;
    expect(points[0]?.lr).toBeCloseTo(1e-6, 12);
    const factors = points.slice(1).map(({ lr }, i) => lr / (points[i]?.lr as number));
    for (const factor of factors) expect(factor).toBeCloseTo(10 ** (7 / 99), 8);
    expect(points[0]?.smoothed).toBeCloseTo(points[0]?.loss as number, 10);
    expect(suggested as number).toBeLessThanOrEqual(lowest);
    expect(suggested as number).toBeGreaterThan(1e-6);
    expect(await findLearningRate(recipe, tinyShapes)).toEqual(found);
    expect(await ratePlotSvg(found)).toMatch(/^<svg/);
  });
});

describe("the rate suggested from the losses of the steps", () => {
  const curve = (lossOf: (step: number) => number) => {
    const points: RatePoint[] = [];
    for (let step = 0; step < 100; step++) points.push(nextPoint(points, lossOf(step)));
    return points;
  };

  it("is in the clear descent, not in the noise of the first steps", () => {
    const noise = randomFrom(0, "noise");
    // A first loss far too high, noise for 20 steps, and a descent in steps 50 to 70.
    const points = curve((step) => {
      if (step === 0) return 6;
      if (step < 20) return 1.8 + noise.uniform();
      return 2.3 - 0.08 * Math.min(Math.max(step - 50, 0), 20) + 0.2 * Math.max(step - 85, 0);
    });
    // The average lags behind the loss: the ten steps in which it falls most, 61 to 71, end a step after the descent.
    expect(suggestRate(points).suggested).toBe(points[66]?.lr);
  });

  it("is none where the loss never falls", () => {
    const points = curve((step) => 1 + 0.01 * step);
    expect(suggestRate(points)).toEqual({ suggested: null, lowest: points[0]?.lr });
  });
});
