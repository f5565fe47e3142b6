// Every method of the recipe through the loop.
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { outcomeOf, tinyRecipe, tinyShapes } from "../../test/support/tiny-run.js";
import type { TrainingEvent } from "./events.js";
import { type Method, methods, type RecipeInput } from "./recipe.js";
import { train } from "./train.js";

const folder = temporaryFolder();
const names = Object.keys(methods) as Method[];
const perceptron: Partial<RecipeInput> = { ...tinyRecipe, model: "mlp", width: 1, augment: "none", accumulate: 2 };

/** Trains until the given step of this sitting, or to the end. */
async function sitting(input: Partial<RecipeInput>, out: string, resume: boolean, last = Number.POSITIVE_INFINITY) {
  const controller = new AbortController();
  let steps = 0;
  const listener = ({ type }: TrainingEvent) => {
    if (type === "step" && ++steps === last) controller.abort();
  };
  const options = { out, resume, dataSet: tinyShapes, listeners: [listener], signal: controller.signal };
  return (await train(input, options)).summary;
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
      const { summary } = await train({ ...tinyRecipe, epochs: 2, objective }, { dataSet: tinyShapes });
      expect(summary).toMatchObject({ objective, epochs: 2 });
    },
  );
});
