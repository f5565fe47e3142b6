import { expect, it } from "vitest";
import { type DataSet, shapesDataSet } from "../data/index.js";
import { requireDataSet } from "./in-memory-data.js";

const data = shapesDataSet({ train: 20, test: 10, size: 16, seed: 0 });
const { train } = data;

it.each<[Partial<DataSet>, string]>([
  [
    { train: { ...train, labels: train.labels.with(7, 10) } },
    "the label of training sample 7: received 10; expected 0 to 9",
  ],
  [{ train: { ...train, labels: train.labels.with(7, -2) } }, "the label of training sample 7: received -2"],
  [
    { train: { ...train, values: new Uint8Array(5) } },
    "the values of the training samples: received 5; expected 15360",
  ],
  [{ test: { values: new Uint8Array(3), shape: [3], labels: new Int32Array(1) } }, "the test samples are of shape 3"],
  [{ validation: Int32Array.of(3, 20) }, "validation part: received sample 20; expected 0 to 19"],
  [{ notes: undefined as unknown as [] }, "the data's notes: received none"],
])("data in memory that does not fit is refused: %#", (changed, message) => {
  expect(() => requireDataSet({ ...data, ...changed })).toThrow(message);
});

it("other data is not", () => {
  const unlabeled = { ...train, labels: train.labels.with(0, -1) };
  expect(() => requireDataSet({ ...data, train: unlabeled, validation: Int32Array.of(0, 19) })).not.toThrow();
  expect(() => requireDataSet({ ...data, test: null })).not.toThrow();
});
