import { describe, expect, test } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import {
  CLASSES,
  classColumns,
  engineOutputs,
  openModel,
  optionsFor,
  pixels,
  smallNetwork,
  smallSelectiveNetwork,
} from "../../test/support/exported.js";
import { confidenceBy, predictions, softmaxRows } from "../metrics/index.js";
import { type ModelOptions, modelNames } from "../models/index.js";
import type { nn } from "../torch/index.js";
import { type OnnxOptions, toOnnx } from "./onnx.js";

/** That a model answers batches of 1, 2 and 5 as the engine and the metrics do. */
async function expectSameAnswers(network: nn.Module, options: OnnxOptions) {
  const { score, sampleShape, normalization } = options;
  const { ask } = await openModel(toOnnx(network, options));
  for (const samples of [1, 2, 5]) {
    const shape = [samples, ...sampleShape];
    const values = pixels(shape);
    const answers = await ask(values, shape);
    const outputs = engineOutputs(network, values, shape, normalization);
    const logits = classColumns(outputs, samples);
    expectAllClose(answers.logits, outputs, { rtol: 0, atol: 1e-4 });
    expectAllClose(answers.probabilities, softmaxRows(logits, CLASSES), { rtol: 0, atol: 1e-4 });
    expect(answers.label).toEqual([...predictions(logits, samples)]);
    expectAllClose(answers.confidence, confidenceBy(score, outputs, samples, CLASSES), { rtol: 0, atol: 1e-4 });
    expect(answers.abstained).toEqual(Array(samples).fill(false));
    // Some outputs of narrow untrained networks are equal.
    expect(new Set(outputs).size).toBeGreaterThan(outputs.length / 2);
    const [columns, one] = [outputs.length / samples, [samples]];
    const shapes = { logits: [samples, columns], probabilities: [samples, CLASSES] };
    expect(answers.shapes).toEqual({ ...shapes, label: one, confidence: one, abstained: one });
  }
}

type Case = [string, string, readonly number[], Partial<ModelOptions>];

/** Networks on samples of other sizes, and with other options. */
const variants: readonly Case[] = [
  ["resnet18 with the ImageNet stem", "resnet18", [3, 70, 70], { stem: "imagenet" }],
  ["resnet50 with the ImageNet stem", "resnet50", [3, 64, 64], { stem: "imagenet" }],
  ["resnet18 of one channel and an odd size", "resnet18", [1, 27, 27], {}],
  ["wrn-28-10", "wrn-28-10", [3, 16, 16], {}],
  ["wrn-34-10", "wrn-34-10", [3, 16, 16], {}],
  ["vgg16-bn, one cell flattened", "vgg16-bn", [3, 32, 32], {}],
  ["vgg16-bn, four cells flattened", "vgg16-bn", [3, 64, 64], {}],
  ["vgg16-bn, cells averaged, of one channel", "vgg16-bn", [1, 96, 96], {}],
  ["mlp of embeddings", "mlp", [7], { features: 7 }],
  ["mlp of arrays", "mlp", [3, 4], { features: 12 }],
  ["mlp of images", "mlp", [3, 8, 8], {}],
  ["mlp without hidden layers", "mlp", [7], { features: 7, hidden: [] }],
];

const covered = new Set(["wrn-28-10", "wrn-34-10", "vgg16-bn", "mlp"]);
const atDefaultSize = modelNames
  .filter((name) => !covered.has(name))
  .map((name): Case => [name, name, [3, 32, 32], {}]);
const cases = [...variants, ...atDefaultSize];

describe("onnxruntime answers as the engine does, in every batch size,", () => {
  test.each(cases)("%s", async (_, name, sampleShape, more) => {
    const [channels, imageSize] = sampleShape as [number, number];
    const network = smallNetwork(name, { ...(sampleShape.length === 3 && { channels, imageSize }), ...more });
    await expectSameAnswers(network, optionsFor(sampleShape));
  });

  test.each(["resnet18", "wrn-16-1", "vgg16-bn"])("%s with a column for abstention", async (name) => {
    const network = smallNetwork(name, { imageSize: 32, extraOutputs: 1 });
    await expectSameAnswers(network, optionsFor([3, 32, 32], { score: "abstention" }));
  });

  test.each(["resnet18", "wrn-16-1", "vgg16-bn", "mlp"])("%s with SelectiveNet's three heads", async (name) => {
    const network = smallSelectiveNetwork(name, { imageSize: 32 });
    await expectSameAnswers(network, optionsFor([3, 32, 32], { score: "selection" }));
  });

  test("a network that lies channels last in memory and is in training", async () => {
    const network = smallNetwork("resnet18", { imageSize: 16 }).to("channels_last").train();
    toOnnx(network, optionsFor([3, 16, 16]));
    expect(network.training).toBe(true);
    await expectSameAnswers(network, optionsFor([3, 16, 16]));
  });

  test("all that there are", () => {
    expect(new Set(cases.map(([, name]) => name))).toEqual(new Set(modelNames));
  });
});
