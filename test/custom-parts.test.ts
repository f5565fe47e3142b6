// What is said to custom parts of a run that are none.
import { expect, it } from "vitest";
import { type TrainOptions, train } from "../src/index.js";
import { tinyRecipe, tinyShapes } from "./support/tiny-run.js";

const {
  objective: _,
  startEpoch: __,
  targetMomentum: ___,
  ...recipe
} = { objective: "", targetMomentum: 0, ...tinyRecipe };

it.each<[string, unknown, string]>([
  ["objective", {}, "`objective`: received object; expected an object with a method loss or step"],
  ["objective", () => undefined, "`objective`: received undefined; expected an object with a method loss or step"],
  ["model", {}, "`model`: received object; expected an object with a method forward"],
  ["optimizer", () => ({ step: () => {} }), "`optimizer`: received object; expected an object with a method zeroGrad"],
])("a custom %s that is none is refused", async (part, value, message) => {
  const options = { [part]: value, dataSet: tinyShapes } as TrainOptions;
  await expect(train({ ...recipe, epochs: 1 }, options)).rejects.toThrow(message);
});
