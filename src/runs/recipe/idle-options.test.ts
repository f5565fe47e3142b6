import { expect, it } from "vitest";
import { shapesDataSet } from "../../data/index.js";
import { prepare } from "../prepare.js";
import { parseRecipe, type RecipeInput } from "./schema.js";

const data = shapesDataSet({ train: 40, test: 0, size: 16, seed: 0 });
const notesOf = async (input: Partial<RecipeInput>) =>
  (await prepare(parseRecipe({ data: "shapes", device: "cpu", epochs: 5, ...input }), data)).notes;

it.each<[Partial<RecipeInput>, string]>([
  [{ startEpoch: 5 }, "`startEpoch: 5`"],
  [{ objective: "sat-selective", pretrainEpochs: 7 }, "`pretrainEpochs: 7`"],
  [{ schedule: "step", milestones: [60, 120] }, "`milestones: 60,120`"],
  [{ warmupEpochs: 9 }, "`warmupEpochs: 9`"],
  [{ freeze: 5 }, "`freeze: 5`"],
  [{ keepFrom: 6 }, "`keepFrom: 6`"],
  [{ keepEvery: 6 }, "`keepEvery: 6`"],
])("an option that begins to matter after the last epoch is said: %j", async (input, name) => {
  expect(await notesOf(input)).toContain(`${name} is beyond the end of training, which has 5 epochs`);
});

it("others are not", async () => {
  const input: Partial<RecipeInput> = {
    startEpoch: 4,
    schedule: "step",
    milestones: [4, 60],
    warmupEpochs: 4,
    freeze: 4,
    keepFrom: 4,
    keepEvery: 5,
  };
  expect((await notesOf(input)).filter((note) => note.includes("beyond"))).toEqual([]);
});

it.each<[Partial<RecipeInput>, string]>([
  [
    { optimizer: "adam", momentum: 0.8 },
    "`momentum: 0.8` has no effect: it is of sgd and lars, and this is `optimizer: adam`",
  ],
  [
    { optimizer: "adamw", momentum: 0 },
    "`momentum: 0` has no effect: it is of sgd and lars, and this is `optimizer: adamw`",
  ],
  [{ stepFactor: 0.5 }, "`stepFactor: 0.5` has no effect: it is of the step schedule, and this is `schedule: cosine`"],
])("an option that nothing reads is said: %j", async (input, note) => {
  expect(await notesOf(input)).toContain(note);
});

it.each<Partial<RecipeInput>>([
  { optimizer: "lars", momentum: 0.8 },
  { optimizer: "adam" },
  { schedule: "step", milestones: [3], stepFactor: 0.5 },
])("one that is read is not: %j", async (input) => {
  expect((await notesOf(input)).filter((note) => note.includes("no effect"))).toEqual([]);
});

it("a reward of which abstaining loses nothing is said", async () => {
  const idle = (notes: readonly string[]) => notes.filter((note) => note.includes("gains nothing by abstaining"));
  expect(idle(await notesOf({ objective: "deep-gamblers", reward: 10 }))).toHaveLength(1);
  expect(idle(await notesOf({ objective: "deep-gamblers", reward: 9.9 }))).toEqual([]);
});
