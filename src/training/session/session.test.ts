import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { givenOutputs } from "../../../test/support/given-forward.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { tinyShapes } from "../../../test/support/tiny-run.js";
import { InputError } from "../../errors.js";
import { methods } from "../../methods/index.js";
import { createModel } from "../../models/index.js";
import { localState, type TargetNetwork, takeStep } from "../../objectives/index.js";
import { prepare } from "../../runs/prepare.js";
import { resolveRecipe } from "../../runs/recipe/resolve.js";
import { parseRecipe, type RecipeInput } from "../../runs/recipe/schema.js";
import { distributed, manualSeed, ops, tensor } from "../../torch/index.js";
import { createLearningRate } from "../schedule.js";
import { createOptimizer } from "./optimizer.js";
import { createObjective } from "./session.js";

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

describe("the optimizer", () => {
  const linear = createModel("mlp", { classes: 2, features: 2, hidden: [] });

  it.each(["sgd", "adam", "adamw", "lars"] as const)("%s has the recipe's rate and decay", (optimizer) => {
    const { groups, lr } = createOptimizer(recipe({ optimizer, lr: 0.3, weightDecay: 0.01 }), linear);
    expect(lr).toBe(0.3);
    expect(groups).toMatchObject([{ lr: 0.3, weightDecay: 0.01 }]);
  });

  it("sgd has the recipe's momentum and Nesterov's form", () => {
    const { groups } = createOptimizer(recipe({ momentum: 0.8, nesterov: true }), linear);
    expect(groups).toMatchObject([{ momentum: 0.8, nesterov: true }]);
  });
});

const folder = temporaryFolder();

/** The objective of a recipe for ten classes of drawings. */
async function objectiveOf(input: Partial<RecipeInput>, start = 1) {
  const prepared = await prepare(parseRecipe({ data: "shapes", device: "cpu", ...input }), tinyShapes);
  const parts = {
    device: "cpu",
    dtype: "float64",
    targetNetwork: standing,
    sampleState: localState,
    group: distributed.soloGroup,
  } as const;
  return createObjective(prepared, parts, { epoch: start });
}

/** An average that does not move, for methods that have one. */
const standing: TargetNetwork = {
  outputs: (images) => ops.zeros([images.shape[0] as number, 10], { dtype: "float64" }),
  targets: (images) => images,
  follow: () => {},
  state: () => new Map(),
};

/** Its losses of one batch in two epochs, of which the second comes after the start unless told otherwise. */
async function lossesOf(input: Partial<RecipeInput>, start = 1): Promise<number[]> {
  const objective = await objectiveOf(input, start);
  const index = [3, 1, 4, 15];
  const logits = tensor(
    index.map((sample) => Array.from({ length: 10 }, (_, j) => Math.sin(sample + 3 * j))),
    { dtype: "float64" },
  );
  manualSeed(1);
  return [0, 1].map((epoch) => {
    const batch = { labels: [0, 1, 2, 3], index, epoch };
    const images = tensor([[1], [2], [3], [4]], { dtype: "float64" });
    return takeStep(objective, givenOutputs(logits), { ...batch, images }).loss.item();
  });
}

/** A matrix under which every class is given the label of the next in half of the samples. */
const halved = Array.from({ length: 10 }, (_, i) =>
  Array.from({ length: 10 }, (_, j) => (j === i || j === (i + 1) % 10 ? 0.5 : 0)).join(),
).join("\n");

describe("the objective", () => {
  it.each(
    methods()
      .filter(({ family }) => family !== "self-supervised")
      .map(({ name }) => name),
  )("%s is the one that the recipe names", async (objective) => {
    expect((await objectiveOf({ objective })).name).toBe(objective);
  });

  it.each<[string, Partial<RecipeInput>, Partial<RecipeInput>]>([
    ["sat has the recipe's momentum", { objective: "sat" }, { targetMomentum: 0.5 }],
    ["sat has the recipe's form", { objective: "sat" }, { form: "sce" }],
    ["label-smoothing has the recipe's share", { objective: "label-smoothing" }, { smoothing: 0.3 }],
    ["mixup has the recipe's alpha", { objective: "mixup" }, { mixupAlpha: 0.1 }],
    ["bootstrap-soft has the recipe's share", { objective: "bootstrap-soft" }, { bootstrapBeta: 0.5 }],
    ["bootstrap-hard has the recipe's share", { objective: "bootstrap-hard" }, { bootstrapBeta: 0.5 }],
    ["gce has the recipe's q", { objective: "gce" }, { gceQ: 0.3 }],
    ["sce has the recipe's weight of cross entropy", { objective: "sce" }, { sceAlpha: 1 }],
    ["sce has the recipe's weight of the reverse", { objective: "sce" }, { sceBeta: 0.3 }],
    ["elr has the recipe's weight", { objective: "elr" }, { elrLambda: 1 }],
    ["elr has the recipe's share", { objective: "elr" }, { elrBeta: 0.2 }],
  ])("%s", async (_, published, given) => {
    const [usual, other] = [await lossesOf(published), await lossesOf({ ...published, ...given })];
    expect(await lossesOf(published)).toEqual(usual);
    expect(other[1]).not.toBeCloseTo(usual[1] as number, 6);
  });

  it.each<[Partial<RecipeInput>, Partial<RecipeInput>]>([
    [{ objective: "label-smoothing" }, { smoothing: 0.1 }],
    [{ objective: "mixup" }, { mixupAlpha: 1 }],
    [{ objective: "bootstrap-soft" }, { bootstrapBeta: 0.95 }],
    [{ objective: "bootstrap-hard" }, { bootstrapBeta: 0.8 }],
    [{ objective: "gce" }, { gceQ: 0.7 }],
    [{ objective: "sce" }, { sceAlpha: 0.1, sceBeta: 1 }],
    [{ objective: "elr" }, { elrLambda: 3, elrBeta: 0.7 }],
  ])("%o has the published options %o unless given", async (objective, options) => {
    expect(await lossesOf(objective)).toEqual(await lossesOf({ ...objective, ...options }));
  });

  it.each(["sat", "forward"] as const)("%s begins at the start that it is given", async (objective) => {
    const [early, late] = [await lossesOf({ objective }, 1), await lossesOf({ objective }, 2)];
    expect(late).toEqual(await lossesOf({ objective: "ce" }));
    expect(early[0]).toBe(late[0]);
    expect(early[1]).not.toBeCloseTo(late[1] as number, 6);
  });

  it("forward reads a given matrix, and corrects by it from the first epoch", async () => {
    const path = `${folder("given", { "t.csv": halved })}/t.csv`;
    const given = await lossesOf({ objective: "forward", transition: path }, 2);
    expect(given[0]).toBe(given[1]);
    expect(given[0]).not.toBeCloseTo((await lossesOf({ objective: "ce" }))[0] as number, 6);
  });

  it("forward refuses to estimate its matrix from no epoch at all, and a matrix for other classes", async () => {
    const early = objectiveOf({ objective: "forward", startEpoch: 0 });
    await expect(early).rejects.toThrow(InputError);
    await expect(early).rejects.toThrow("before `startEpoch`; received 0; expected 1 or more, or `transition: FILE`");
    const path = `${folder("small", { "t.csv": "1,0\n0,1\n" })}/t.csv`;
    await expect(objectiveOf({ objective: "forward", transition: path })).rejects.toThrow("10 x 10");
  });
});
