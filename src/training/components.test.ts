import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { tensor } from "../torch/index.js";
import { createLearningRate, createOptimizer } from "./components.js";
import { parseRecipe, type RecipeInput } from "./recipe.js";
import { resolveRecipe } from "./resolve.js";

const samples = { values: new Uint8Array(), shape: [3, 32, 32], labels: new Int32Array() };
const recipe = (input: Partial<RecipeInput>) =>
  resolveRecipe(parseRecipe({ data: "photos", device: "cpu", ...input }), samples, 1000);

/** The rates at the first and the last of 4 steps of each epoch. */
function rates(input: Partial<RecipeInput>, epochs: number): number[][] {
  const rate = createLearningRate(recipe({ ...input, epochs }), 4);
  return Array.from({ length: epochs }, (_, epoch) => [rate(epoch, 0), rate(epoch, 3)]);
}

describe("the learning rate", () => {
  it("falls by half a cosine, once an epoch", () => {
    const expected = [0, 1, 2, 3, 4].map((epoch) => 0.05 * (1 + Math.cos((Math.PI * epoch) / 5)));
    expectAllClose(
      rates({}, 5),
      expected.map((lr) => [lr, lr]),
      { rtol: 1e-12 },
    );
  });

  it("falls at the milestones, or not at all", () => {
    const stepped = rates({ schedule: "step", milestones: [1, 3], stepFactor: 0.5, lr: 0.8 }, 4);
    expect(stepped.map(([first]) => first)).toEqual([0.8, 0.4, 0.4, 0.2]);
    expect(rates({ schedule: "constant", lr: 0.3 }, 2).flat()).toEqual([0.3, 0.3, 0.3, 0.3]);
  });

  it("rises with every step of the warm-up, from its first step on", () => {
    const rate = createLearningRate(recipe({ schedule: "constant", lr: 0.8, warmupEpochs: 1.5 }), 4);
    const steps = Array.from({ length: 8 }, (_, i) => rate(Math.floor(i / 4), i % 4));
    expectAllClose(
      steps,
      [1, 2, 3, 4, 5, 6, 6, 6].map((step) => (0.8 * step) / 6),
      { rtol: 1e-12 },
    );
  });
});

describe("the optimiser", () => {
  it.each(["sgd", "adam", "adamw", "lars"] as const)("%s has the recipe's rate and decay", (optimizer) => {
    const parameter = tensor([1, 2], { requiresGrad: true });
    const { groups, lr } = createOptimizer(recipe({ optimizer, lr: 0.3, weightDecay: 0.01 }), [parameter]);
    expect(lr).toBe(0.3);
    expect(groups).toMatchObject([{ lr: 0.3, weightDecay: 0.01 }]);
  });

  it("sgd has the recipe's momentum and Nesterov's form", () => {
    const parameter = tensor([1, 2], { requiresGrad: true });
    const { groups } = createOptimizer(recipe({ momentum: 0.8, nesterov: true }), [parameter]);
    expect(groups).toMatchObject([{ momentum: 0.8, nesterov: true }]);
  });
});
