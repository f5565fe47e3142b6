// What is said to custom parts of a run that are none.
import { expect, it } from "vitest";
import { type TrainOptions, train } from "../src/index.js";
import { tinyShapes } from "./support/tiny-run.js";

const recipe = { epochs: 1, batchSize: 12, width: 1, device: "cpu" } as const;

it.each<[string, unknown, string]>([
  ["objective", {}, "`objective`: received object; expected an object with a method loss or step"],
  ["objective", () => undefined, "`objective`: received undefined; expected an object with a method loss or step"],
  ["model", {}, "`model`: received object; expected an object with a method forward"],
  ["optimizer", () => ({ step: () => {} }), "`optimizer`: received object; expected an object with a method zeroGrad"],
])("a custom %s that is none is refused", async (part, value, message) => {
  const options = { [part]: value, dataSet: tinyShapes } as TrainOptions;
  await expect(train(recipe, options)).rejects.toThrow(message);
});
