import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { tinyShapes } from "../../test/support/tiny-run.js";
import { createModel, saveWeights } from "../models/index.js";
import { prepare } from "./prepare.js";
import { parseRecipe, type RecipeInput } from "./recipe/schema.js";

const folder = temporaryFolder();

/** Weights of a small ResNet with timm's configuration of another beside them. */
async function weightsFile(): Promise<string> {
  const home = folder("weights");
  const pretrained_cfg = { mean: [0.5, 0.4, 0.3], std: [0.2, 0.2, 0.2], input_size: [3, 16, 16] };
  writeFileSync(join(home, "config.json"), JSON.stringify({ architecture: "convnext_tiny", pretrained_cfg }));
  const file = join(home, "model.safetensors");
  await saveWeights(createModel("resnet18", { classes: 10, width: 4, imageSize: 16 }), file);
  return file;
}

const prepared = async (recipe: Partial<RecipeInput>) =>
  prepare(parseRecipe({ data: "(in memory)", ...recipe }), tinyShapes);

describe("timm's configuration beside the weights", () => {
  test("sets network, size, mean and deviation, and says so in one line", async () => {
    const weights = await weightsFile();
    const { recipe, normalization, notes } = await prepared({ weights });
    expect(recipe).toMatchObject({
      model: "convnext-tiny",
      imageSize: 16,
      mean: [0.5, 0.4, 0.3],
      std: [0.2, 0.2, 0.2],
    });
    expect(normalization).toMatchObject({ mean: [0.5, 0.4, 0.3], std: [0.2, 0.2, 0.2] });
    const set = "model convnext-tiny; images of 16 pixels; mean 0.5, 0.4, 0.3; deviation 0.2, 0.2, 0.2";
    expect(notes).toContain(`${join(weights, "..", "config.json")} sets ${set}`);
  });

  test("leaves what the recipe gives", async () => {
    const given = { model: "resnet18", imageSize: 16, mean: [0, 0, 0], std: [1, 1, 1] };
    const { recipe, notes } = await prepared({ weights: await weightsFile(), ...given });
    expect(recipe).toMatchObject(given);
    expect(notes.filter((note) => note.includes("config.json"))).toEqual([]);
  });

  test("changes no recipe without weights", async () => {
    const { recipe } = await prepared({});
    expect([recipe.model, recipe.imageSize, recipe.mean]).toEqual(["resnet18", undefined, undefined]);
  });
});
