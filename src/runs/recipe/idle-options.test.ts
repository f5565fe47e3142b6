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

it("a reward of which abstaining loses nothing is said", async () => {
  const idle = (notes: readonly string[]) => notes.filter((note) => note.includes("gains nothing by abstaining"));
  expect(idle(await notesOf({ objective: "deep-gamblers", reward: 10 }))).toHaveLength(1);
  expect(idle(await notesOf({ objective: "deep-gamblers", reward: 9.9 }))).toEqual([]);
});
