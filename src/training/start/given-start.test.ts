import { describe, expect, it } from "vitest";
import { drawn, perceptron } from "../../../test/support/detection.js";
import { byMethod, tinyShapes } from "../../../test/support/tiny-run.js";
import { prepare } from "../../runs/prepare.js";
import { parseRecipe, type RecipeInput } from "../../runs/recipe/schema.js";
import { type DetectionSplit, givenStart, neverStarts, splitForDetection, undetectedNotes } from "./given-start.js";

const prepared = (input: Partial<RecipeInput> = {}, data = drawn) =>
  prepare(parseRecipe(byMethod({ data: "shapes", ...perceptron, ...input })), data);

describe("the held-out samples of start detection", () => {
  it("are a tenth of the training samples, and the others are trained on", async () => {
    const all = await prepared();
    const { train, heldOut, trainSubset } = splitForDetection(all) as DetectionSplit;
    expect([train.length, heldOut.length, trainSubset.length]).toEqual([1080, 120, 120]);
    expect(trainSubset.every((i) => train.includes(i))).toBe(true);
    expect(new Set(trainSubset).size).toBe(120);
    expect([...train, ...heldOut].sort((a, b) => a - b)).toEqual([...all.trainIndices]);
    expect(splitForDetection(await prepared())).toEqual({ train, heldOut, trainSubset });
  });

  it("are the validation part where there is one that is large enough", async () => {
    const all = await prepared({ valFraction: 0.2 });
    const { train, heldOut, trainSubset } = splitForDetection(all) as DetectionSplit;
    expect([train, heldOut]).toEqual([all.trainIndices, all.validationIndices]);
    expect(trainSubset).toHaveLength(heldOut.length);
    expect(trainSubset.every((i) => train.includes(i))).toBe(true);
    const small = await prepared({ valFraction: 0.05 });
    expect(splitForDetection(small)?.heldOut.length).toBe(Math.floor(small.trainIndices.length / 10));
    expect(splitForDetection(small)?.heldOut.some((i) => small.validationIndices.includes(i))).toBe(false);
  });

  it.each<[string, Partial<RecipeInput>]>([
    ["the start is given", { startEpoch: 3 }],
    ["the method has none", { objective: "ce" }],
    ["the noise is given", { objective: "forward", transition: "given.csv" }],
    ["there is one epoch", { epochs: 1 }],
    ["there are too few epochs to detect it", { epochs: 3 }],
  ])("are none where %s", async (_, input) => {
    const { transition, ...rest } = input;
    const all = await prepared(rest);
    expect(splitForDetection({ ...all, recipe: { ...all.recipe, ...(transition && { transition }) } })).toBeNull();
  });

  it("are none of few samples, whose targets never start, or at half of training where they are for more than wrong labels", async () => {
    const few = await prepared({ epochs: 9, batchSize: 12 }, tinyShapes);
    const short = await prepared({ epochs: 3 });
    const forward = await prepared({ epochs: 9, batchSize: 12, objective: "forward" }, tinyShapes);
    expect([few, short, forward].map(splitForDetection)).toEqual([null, null, null]);
    expect([few, short, forward].map(givenStart)).toEqual([neverStarts, neverStarts, 4]);
    expect(undetectedNotes(few)).toEqual([
      "60 training samples are too few to detect memorization (fewer than 1000): targets stay at the labels; `startEpoch: N` moves them from epoch N on",
    ]);
    expect(undetectedNotes(short)).toEqual([
      expect.stringMatching(/^training of 3 epochs is over before .* stay at the labels/),
    ]);
    expect(undetectedNotes(forward)).toEqual([]);
    expect([givenStart(await prepared()), givenStart(await prepared({ startEpoch: 7 }))]).toEqual([
      Number.POSITIVE_INFINITY,
      7,
    ]);
  });
});
