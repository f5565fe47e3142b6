import { expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { emptyHistory, recordPredictions } from "../../runs/files/sample-history.js";
import { tensor } from "../../torch/index.js";
import { readPredictions } from "./batch-predictions.js";

const logits = [
  [1, 3, 2, 50],
  [-2, -1, -90, 0],
  [200, 0, 0, 0],
];

it("answers are the most probable class, the label's softmax and its margin, of the classes alone", () => {
  const { prediction, probability, margin } = readPredictions(tensor(logits), 3, [2, 1, 1]);
  expect([...prediction]).toEqual([1, 1, 0]);
  const share = (row: number[], label: number) =>
    Math.exp(row[label]!) / row.slice(0, 3).reduce((sum, value) => sum + Math.exp(value), 0);
  expectAllClose(probability, [share(logits[0]!, 2), share(logits[1]!, 1), 0], { rtol: 1e-6 });
  expect([...margin]).toEqual([-1, 1, -200]);
});

it("answers of bf16 logits are read too", () => {
  const { prediction, margin } = readPredictions(tensor(logits).to("bfloat16"), 4, [0, 0, 0]);
  expect([[...prediction], [...margin]]).toEqual([
    [3, 3, 0],
    [-49, -2, 200],
  ]);
});

it("a record has the rows of the samples visited and no others", () => {
  const record = emptyHistory(4);
  recordPredictions(record, Int32Array.of(2, 0), {
    prediction: Int32Array.of(5, 7),
    probability: Float32Array.of(0.25, 0.5),
    margin: Float32Array.of(-1, 2),
  });
  expect([...record]).toEqual([0.5, 2, 7, Number.NaN, Number.NaN, Number.NaN, 0.25, -1, 5, NaN, NaN, NaN]);
});
