import { expect, it } from "vitest";
import { tinyRecipe, tinyShapes } from "../../test/support/tiny-run.js";
import { parseRecipe } from "../runs/recipe/schema.js";
import { kernelsIn, liveTensors } from "../torch/index.js";
import { dryRun } from "./dry-run.js";

const recipe = parseRecipe({ data: "shapes", ...tinyRecipe, valFraction: 0.2, epochs: 100 });

it("a dry run says what the run would be, and how long it would take", async () => {
  const { data, model, expectedSeconds, ...rest } = await dryRun(recipe, tinyShapes);
  expect(data).toMatchObject({ format: "shapes", shape: [3, 16, 16], train: 48, validation: 12, test: 20 });
  expect(data.noisy).toBeGreaterThan(10);
  expect(model.parameters).toBeGreaterThan(10_000);
  expect(rest).toMatchObject({
    device: "cpu",
    precision: "fp32",
    kernels: kernelsIn("float32")[0] ?? "stock",
    recipe: { targetMomentum: 0.7 },
  });
  expect(expectedSeconds).toBeGreaterThan(0);
});

it("a dry run takes few steps and gives its tensors back", async () => {
  const before = liveTensors();
  await dryRun(parseRecipe({ ...recipe, epochs: 1_000_000 }), tinyShapes);
  expect(liveTensors()).toBeLessThanOrEqual(before);
});
