// The recipes that come with the product: each is one that `train` takes, and says how it is run.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { shapesDataSet } from "../src/data/index.js";
import { methods } from "../src/methods/index.js";
import { modelNames } from "../src/models/index.js";
import { commandOf } from "../src/runs/methods-of-commands.js";
import { resolveRecipe } from "../src/runs/recipe/resolve.js";
import { parseRecipe, type Recipe } from "../src/runs/recipe/schema.js";
import { methodStart } from "../src/training/start/given-start.js";

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
    if (methodStart(recipe) !== null) expect(recipe.startEpoch).toBeLessThan(recipe.epochs);
  });

  it.each(recipes)("%s begins with a comment that says how to run it", (path) => {
    expect(textOf(path)).toMatch(/^# /);
    const command = commandOf(recipeOf(path).objective);
    expect(textOf(path)).toContain(`\n# Run it with: selfadapt ${command} ${path} --data `);
  });

  const under = (start: string) => recipes.filter((path) => path.startsWith(`recipes/${start}`)).map(recipeOf);
  const methodsOf = (some: readonly Recipe[]) => [...new Set(some.map(({ objective }) => objective))];
  const setting = ({ model, epochs, batchSize, lr, weightDecay, schedule }: Recipe) => ({
    model,
    epochs,
    batchSize,
    lr,
    weightDecay,
    schedule,
  });
  const noisy = under("label-noise/cifar-10-resnet34");
  const selective = under("selective/");
  const adversarial = under("adversarial/");

  it("hold every method in the paper's own setting of its table", () => {
    expect([...new Set(methodsOf([...noisy, ...selective, ...adversarial]))].sort()).toEqual(
      methods()
        .filter(({ family }) => family !== "self-supervised")
        .map(({ name }) => name)
        .sort(),
    );
    for (const recipe of noisy) {
      expect(setting(recipe)).toEqual({
        model: "resnet34",
        epochs: 200,
        batchSize: 256,
        lr: 0.1,
        weightDecay: 5e-4,
        schedule: "cosine",
      });
    }
    for (const recipe of selective) {
      const { milestones, stepFactor } = recipe;
      expect(setting(recipe)).toEqual({
        model: "vgg16-bn",
        epochs: 300,
        batchSize: 128,
        lr: 0.1,
        weightDecay: 5e-4,
        schedule: "step",
      });
      expect({ milestones, stepFactor }).toEqual({
        milestones: Array.from({ length: 11 }, (_, i) => 25 * (i + 1)),
        stepFactor: 0.5,
      });
    }
    for (const recipe of adversarial) {
      const { milestones, stepFactor, epsilon, attackSteps, attackStepSize } = recipe;
      expect(setting(recipe)).toEqual({
        model: "wrn-34-10",
        epochs: 100,
        batchSize: 128,
        lr: 0.1,
        weightDecay: 2e-4,
        schedule: "step",
      });
      expect({ milestones, stepFactor }).toEqual({ milestones: [74, 89, 99], stepFactor: 0.1 });
      expect({ epsilon, attackSteps, attackStepSize }).toEqual({
        epsilon: 0.031,
        attackSteps: 10,
        attackStepSize: 0.007,
      });
    }
  });

  it.each(["cifar-10", "svhn", "dogs-vs-cats"])("hold the methods of table 7 for %s, with the same data", (name) => {
    const own = under(`selective/${name}-`);
    expect(methodsOf(own).sort()).toEqual(["ce", "deep-gamblers", "sat-selective", "selectivenet"]);
    const dataOf = ({ augment, rotation, cropPadding, mean, std, imageSize, testFraction }: Recipe) => ({
      augment,
      rotation,
      cropPadding,
      mean,
      std,
      imageSize,
      testFraction,
    });
    for (const recipe of own) expect(dataOf(recipe)).toEqual(dataOf(own[0]!));
  });
});
