// The recipes that come with the product: each is one that `train` takes, and says how it is run.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { commandOf } from "../src/cli/own-methods.js";
import { shapesDataSet } from "../src/data/index.js";
import { modelNames } from "../src/models/index.js";
import { type Method, parseRecipe, supervisedMethods } from "../src/training/recipe.js";
import { resolveRecipe } from "../src/training/resolve.js";

const root = new URL("../", import.meta.url).pathname;
const recipes = readdirSync(`${root}recipes`, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".yaml") && !path.startsWith("studies/"))
  .map((path) => `recipes/${path}`)
  .sort();
const textOf = (path: string) => readFileSync(`${root}${path}`, "utf8");
const recipeOf = (path: string) => parseRecipe({ data: "FOLDER", device: "cpu", ...(parse(textOf(path)) as object) });

describe("the recipes", () => {
  it.each(recipes)("%s fits together, for a network that there is", (path) => {
    const { train } = shapesDataSet({ train: 10, test: 1, seed: 1 });
    const recipe = resolveRecipe(recipeOf(path), train, 50_000);
    expect(modelNames).toContain(recipe.model);
    const starts = recipe.objective === "sat" || recipe.objective === "forward";
    if (starts) expect(recipe.startEpoch).toBeLessThan(recipe.epochs);
  });

  it.each(recipes)("%s begins with a comment that says how to run it", (path) => {
    expect(textOf(path)).toMatch(/^# /);
    const command = commandOf(recipeOf(path).objective);
    expect(textOf(path)).toContain(`\n# Run it with: selfadapt ${command} ${path} --data `);
  });

  it("hold every method in the paper's own setting", () => {
    const paper = recipes.filter((path) => path.startsWith("recipes/label-noise/cifar-10-resnet34")).map(recipeOf);
    const compared = new Set(paper.map(({ objective }) => objective));
    expect([...compared].sort()).toEqual((Object.keys(supervisedMethods) as Method[]).sort());
    for (const { epochs, batchSize, lr, weightDecay } of paper) {
      expect({ epochs, batchSize, lr, weightDecay }).toEqual({
        epochs: 200,
        batchSize: 256,
        lr: 0.1,
        weightDecay: 5e-4,
      });
    }
  });
});
