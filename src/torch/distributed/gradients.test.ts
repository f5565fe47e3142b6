import { expect, test } from "vitest";
import { createModel } from "../../models/index.js";
import type { Tensor } from "../index.js";
import { gradientReducer } from "./gradients.js";
import { soloGroup } from "./group.js";

test("a step's gradients are one sum: 4 bytes for each element, each parameter and each number", async () => {
  const parameters = createModel("resnet18", { classes: 10, width: 4, imageSize: 32 }).parameters();
  const sums: (readonly Tensor[])[] = [];
  const allReduce = async (tensors: readonly Tensor[]) => void sums.push(tensors);
  const reducer = gradientReducer({ ...soloGroup, world: 2, allReduce }, parameters, 4);
  for (let step = 0; step < 2; step++) expect(await reducer.reduce([1, 2, 3, 4])).toEqual([1, 2, 3, 4]);
  const elements = parameters.reduce((sum, { size }) => sum + size, 0);
  expect(sums.map(([flat]) => [flat?.dtype, flat?.size])).toEqual(
    [1, 2].map(() => ["float32", elements + parameters.length + 4]),
  );
  expect(sums.map(({ length }) => length)).toEqual([1, 1]);
});
