// Every method of the recipe through the loop.
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { byMethod, outcomeOf, tinyRecipe, tinyShapes } from "../../test/support/tiny-run.js";
import { methods } from "../methods/index.js";
import type { RecipeInput } from "../runs/recipe/schema.js";
import type { TrainingEvent } from "./events.js";
import { train } from "./train.js";

const folder = temporaryFolder();
const names = methods().map(({ name }) => name);
const perceptron: Partial<RecipeInput> = {
  ...tinyRecipe,
  model: "mlp",
  width: 1,
  augment: "none",
  accumulate: 2,
  headWidth: 16,
  dimension: 8,
};

/** Trains until the given step of this sitting, or to the end. */
async function sitting(input: Partial<RecipeInput>, out: string, resume: boolean, last = Number.POSITIVE_INFINITY) {
  const controller = new AbortController();
  let steps = 0;
  const listener = ({ type }: TrainingEvent) => {
    if (type === "step" && ++steps === last) controller.abort();
  };
  const options = { out, resume, dataSet: tinyShapes, listeners: [listener], signal: controller.signal };
  return (await train(byMethod(input), options)).summary;
}

describe("training", () => {
  it.each(names)("by %s that is stopped in the middle of epochs ends as the uninterrupted one", async (objective) => {
    const [whole, stopped] = [folder(`${objective}-whole`), folder(`${objective}-stopped`)];
    const summary = await sitting({ ...perceptron, objective }, whole, false);
    expect(summary).toMatchObject({ objective, epochs: 3 });
    expect(await sitting({ ...perceptron, objective }, stopped, false, 3)).toBeNull();
    expect(await sitting({}, stopped, true, 4)).toBeNull();
    await sitting({}, stopped, true);
    expect(outcomeOf(stopped)).toEqual(outcomeOf(whole));
  });

  it.each(["mixup", "forward", "elr"] as const)(
    "of a convolutional network by %s comes to an end",
    async (objective) => {
      const { summary } = await train(byMethod({ ...tinyRecipe, epochs: 2, objective }), { dataSet: tinyShapes });
      expect(summary).toMatchObject({ objective, epochs: 2 });
    },
  );
});

describe("training without labels", () => {
  const tiny: Partial<RecipeInput> = { ...tinyRecipe, epochs: 2, headWidth: 16, dimension: 8 };

  it.each(["sat-ssl", "moco", "fixed-random"] as const)(
    "of a convolutional network by %s, on views, leaves its figures and no record",
    async (objective) => {
      const { summary } = await train(byMethod({ ...tiny, objective }), { dataSet: tinyShapes });
      expect(summary).toMatchObject({ objective, testAccuracy: null, scores: null, evenDeviation: 1 / Math.sqrt(8) });
      expect(summary?.knnAccuracy).toEqual(expect.any(Number));
      expect(summary?.linearAccuracy).toEqual(expect.any(Number));
      expect(summary?.effectiveRank).toBeGreaterThan(1);
    },
  );

  it("learns the same whatever the labels are, and whether targets lie on the device or the host", async () => {
    const shuffled = { ...tinyShapes, train: { ...tinyShapes.train, labels: tinyShapes.train.labels.toReversed() } };
    const lossesBy = async (input: Partial<RecipeInput>, dataSet = tinyShapes) => {
      const losses: number[] = [];
      const listener = (event: TrainingEvent) => void (event.type === "step" && losses.push(event.loss));
      await train(byMethod({ ...tiny, objective: "sat-ssl", ...input }), { dataSet, listeners: [listener] });
      return losses;
    };
    const losses = await lossesBy({});
    expect(await lossesBy({}, shuffled)).toEqual(losses);
    expect(await lossesBy({ targetsDevice: "host" })).toEqual(losses);
    expect(await lossesBy({ targetMomentum: 0 })).not.toEqual(losses);
  });

  it("leaves the classifier as it was, and its backbone goes into a classifier that starts anew", async () => {
    const [run, again] = [folder("pretrained"), folder("tuned")];
    await train(byMethod({ ...tiny, objective: "sat-ssl" }), { dataSet: tinyShapes, out: run });
    const notes: string[] = [];
    const listener = (event: TrainingEvent) => void (event.type === "note" && notes.push(event.text));
    const tuned = byMethod({ ...tinyRecipe, epochs: 1, objective: "ce", weights: run });
    await train(tuned, { dataSet: tinyShapes, out: again, listeners: [listener] });
    expect(notes).toEqual([expect.stringContaining("linear.weight and linear.bias are initialized again")]);
  });

  it("takes a trained network as the one to predict", async () => {
    const teacher = folder("pretrained");
    const random = await train(byMethod({ ...tiny, objective: "fixed-random" }), { dataSet: tinyShapes });
    const taught = await train(byMethod({ ...tiny, objective: "fixed-random", teacher }), { dataSet: tinyShapes });
    expect(taught.summary?.effectiveRank).not.toBe(random.summary?.effectiveRank);
  });

  it("refuses options that need labels", async () => {
    const asked = train(byMethod({ ...tiny, objective: "byol", valFraction: 0.2 }), { dataSet: tinyShapes });
    await expect(asked).rejects.toThrow("`valFraction` needs labels; received 0.2 with `objective: byol`");
  });
});
