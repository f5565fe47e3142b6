// @ts-check
// One rank of several: the milliseconds of a sum of a network's gradients, the median of many.
import { createModel } from "../../dist/index.js";
import { distributed, ops } from "../../dist/torch/index.js";
import { median } from "../measurement.mjs";

const ROUNDS = 30;
const [, , name = "", width = ""] = process.argv;
const ranks = distributed.ranksFrom();
if (ranks === null) throw new Error("started as a rank only");
const group = await distributed.openGroup(ranks);
const size = width === "" ? { imageSize: 224, classes: 1000 } : { imageSize: 32, classes: 10, width: Number(width) };
const parameters = createModel(name, size).parameters();
for (const parameter of parameters) parameter.grad = ops.zerosLike(parameter);
const reducer = distributed.gradientReducer(group, parameters, 4);
const milliseconds = [];
for (let i = 0; i < ROUNDS; i++) {
  await group.barrier();
  const began = performance.now();
  await reducer.reduce([0, 0, 0, 0]);
  milliseconds.push(performance.now() - began);
}
const values = parameters.reduce((sum, parameter) => sum + parameter.size, 0) + parameters.length + 4;
await group.barrier();
group.close();
if (group.rank === 0) console.log(JSON.stringify({ milliseconds: median(milliseconds), bytes: 4 * values }));
