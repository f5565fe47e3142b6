import { expect, it } from "vitest";
import { ops, scope } from "../../torch/index.js";
import { parseRecipe } from "../recipe/schema.js";
import { buildModel } from "./build-model.js";

it("an MLP takes images that are not square", () => {
  scope(() => {
    const recipe = parseRecipe({ data: "shapes", model: "mlp", width: 1 });
    const size = { classes: 2, shape: [3, 16, 8], dtype: "float32", device: "cpu" } as const;
    expect(buildModel(recipe, size).forward(ops.zeros([4, 3, 16, 8])).shape).toEqual([4, 2]);
  });
});
