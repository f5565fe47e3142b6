import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { imagesOf } from "../../test/support/images-of.js";
import { tinyShapes } from "../../test/support/tiny-run.js";
import { channelStatistics, createLoader, randomFrom } from "../data/index.js";
import { createModel } from "../models/index.js";
import { liveTensors, manualSeed, noGrad, scope } from "../torch/index.js";
import { evaluateModel } from "./evaluate.js";

const samples = tinyShapes.train;
manualSeed(11);
const model = createModel("resnet18", { classes: 10, width: 4, imageSize: 16 });
const loader = createLoader({ samples, normalization: channelStatistics(samples), device: "cpu", dtype: "float32" });
const indices = randomFrom(3, "evaluate test").permutation(60).subarray(0, 25);
const evaluate = (of: Int32Array, batchSize: number) =>
  evaluateModel({
    model,
    loader,
    indices: of,
    labels: samples.labels,
    classes: 10,
    compute: (body) => body(),
    batchSize,
  });

/** The same, one sample at a time. */
async function plain(of: Int32Array) {
  model.eval();
  const rows: number[][] = [];
  for (const sample of of) {
    const images = await imagesOf(loader, Int32Array.of(sample));
    rows.push(scope(() => Array.from(noGrad(() => model.forward(images)).data(), Number)));
    images.release();
  }
  let [loss, right] = [0, 0];
  rows.forEach((row, i) => {
    const label = samples.labels[of[i]!]!;
    loss += Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0)) - row[label]!;
    if (row.indexOf(Math.max(...row)) === label) right++;
  });
  return { logits: rows.flat(), loss: loss / of.length, accuracy: right / of.length };
}

describe("an evaluation", () => {
  it.each([7, 8, 256])("in batches of %i gives the logits, loss and accuracy of a plain loop", async (batchSize) => {
    const { logits, loss, accuracy, labels } = await evaluate(indices, batchSize);
    const expected = await plain(indices);
    expectAllClose(logits, expected.logits, { rtol: 1e-4, atol: 1e-5 });
    expectAllClose(loss, expected.loss, { rtol: 1e-5 });
    expect(accuracy).toBe(expected.accuracy);
    expect([...labels]).toEqual(Array.from(indices, (sample) => samples.labels[sample]));
  });

  it("of samples in another order gives the same answers in that order", async () => {
    const [forth, back] = [await evaluate(indices, 8), await evaluate(indices.toReversed(), 8)];
    const rows = Array.from({ length: 25 }, (_, i) => back.logits.subarray(10 * (24 - i), 10 * (25 - i)));
    expectAllClose(Float32Array.from(rows.flatMap((row) => [...row])), forth.logits, { rtol: 1e-4, atol: 1e-5 });
    expect(back.accuracy).toBe(forth.accuracy);
  });

  it("leaves the model as it was, training or not, and no tensors", async () => {
    const states = () => [...model.stateDict().values()].map((tensor) => Buffer.from(tensor.bytes()).toString("hex"));
    const [before, live] = [states(), liveTensors()];
    for (const training of [true, false]) {
      model.train(training);
      await evaluate(indices, 8);
      expect(model.training).toBe(training);
    }
    expect(states()).toEqual(before);
    expect(liveTensors()).toBeLessThanOrEqual(live);
  });
});
