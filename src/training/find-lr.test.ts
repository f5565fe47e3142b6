import { describe, expect, it } from "vitest";
import { tinyRecipe, tinyShapes } from "../../test/support/tiny-run.js";
import { ratePlotSvg } from "../reports/index.js";
import { parseRecipe } from "../runs/recipe/schema.js";
import { findLearningRate } from "./find-lr.js";

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
