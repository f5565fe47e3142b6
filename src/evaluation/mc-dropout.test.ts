import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { imagesOf } from "../../test/support/images-of.js";
import { tinyShapes } from "../../test/support/tiny-run.js";
import { channelStatistics, createLoader } from "../data/index.js";
import { createModel } from "../models/index.js";
import { liveTensors, manualSeed, noGrad, ops, scope, type Tensor } from "../torch/index.js";
import { evaluateModel } from "./evaluate.js";
import { dropoutConfidence } from "./mc-dropout.js";

const samples = tinyShapes.test!;
const normalization = channelStatistics(samples);
const loader = createLoader({ samples, normalization, device: "cpu", dtype: "float32" });
const indices = Int32Array.from(samples.labels.keys());
manualSeed(7);
const options = { classes: 10, width: 4, imageSize: 16 };
const resnet = createModel("resnet18", options);
const shared = { loader, indices, labels: samples.labels, classes: 10, device: "cpu", seed: 3 };
const compute = <T>(body: () => T) => body();

async function confidenceOf(model: typeof resnet, passes: number, temperature = 1, batchSize = 64) {
  const evaluation = await evaluateModel({ ...shared, model, compute, batchSize });
  return dropoutConfidence(evaluation, { ...shared, model, compute, passes, temperature, batchSize });
}

describe("MC dropout", () => {
  it("of a network without dropout averages what the last layer makes of features half dropped", async () => {
    const own = await confidenceOf(resnet, 4000, 0.5);
    const images = await imagesOf(loader, indices);
    const [expected, undropped] = scope(() =>
      noGrad(() => {
        resnet.eval();
        const features = resnet.embed(images);
        const answers = resnet.classify(features).argmax({ dim: 1, keepdim: true });
        const agreement = (seen: Tensor) => resnet.classify(seen).div(0.5).softmax(1).gather(1, answers).squeeze(1);
        manualSeed(99);
        const total = ops.zeros([20]);
        for (let i = 0; i < 4000; i++) total.add_(agreement(ops.dropout(features, 0.5, true)));
        return [total.div(4000), agreement(features)].map((values) => Float64Array.from(values.data(), Number));
      }),
    ) as [Float64Array, Float64Array];
    images.release();
    expectAllClose(own, expected, { rtol: 0, atol: 0.03 }); // four deviations of the difference of two such means
    expect(Math.max(...own.map((value, i) => Math.abs(value - undropped[i]!)))).toBeGreaterThan(0.06);
  });

  it("of a network with dropout drops there, and is the same from the same seed only", async () => {
    const images = { classes: 10, width: 4, imageSize: 32 };
    const vgg = createModel("vgg16-bn", images);
    const wide = createLoader({
      samples: {
        ...samples,
        values: new Uint8Array(20 * 3 * 32 * 32).map((_, i) => (i * 7919) % 256),
        shape: [3, 32, 32],
      },
      normalization,
      device: "cpu",
      dtype: "float32",
    });
    const evaluation = await evaluateModel({ ...shared, loader: wide, model: vgg, compute });
    const ask = (seed: number) =>
      dropoutConfidence(evaluation, { ...shared, loader: wide, model: vgg, compute, passes: 3, seed });
    const [one, same, other] = [await ask(1), await ask(1), await ask(2)];
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
    const alone = await dropoutConfidence(evaluation, {
      ...{ ...shared, loader: wide, model: vgg, compute, passes: 3, seed: 1, batchSize: 1 },
    });
    expectAllClose(alone, one, { rtol: 0, atol: 1e-4 });
    expect(vgg.training).toBe(true);
    expect([...vgg.namedModules()].every(([, module]) => module.training)).toBe(true);
    // Others use the network while it is asked.
    vgg.eval();
    const asked = ask(1);
    const meanwhile = await evaluateModel({ ...shared, loader: wide, model: vgg, compute, batchSize: 5 });
    expectAllClose(meanwhile.outputs, evaluation.outputs, { rtol: 0, atol: 1e-4 });
    expect(await asked).toEqual(one);
    for (const held of [wide, ...vgg.stateDict().values()]) held.release();
  });

  it("of a sample does not depend on the batch that it is in", async () => {
    const [one, other] = [await confidenceOf(resnet, 5), await confidenceOf(resnet, 5, 1, 3)];
    expectAllClose(one, other, { rtol: 0, atol: 1e-5 });
  });

  it("leaves batch norm's statistics as they were, and no tensor behind", async () => {
    const before = liveTensors();
    const means = () => Array.from(resnet.stateDict().get("bn1.running_mean")!.data(), Number);
    const was = means();
    await confidenceOf(resnet, 2);
    expect(means()).toEqual(was);
    expect(liveTensors()).toBe(before);
  });

  it("refuses to be asked for no pass", async () => {
    await expect(confidenceOf(resnet, 0)).rejects.toThrow(
      "MC dropout of 0 passes; expected a whole number of at least 1",
    );
  });
});
