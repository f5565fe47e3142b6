import { expect, test } from "vitest";
import { liveTensors, nn } from "../torch/index.js";
import { countParameters, createModel, summarize } from "./index.js";

test("a small network's layers are named and counted as by hand", () => {
  const network = new nn.Sequential(
    new nn.Conv2d(3, 4, 3, { padding: 1 }),
    new nn.BatchNorm2d(4),
    new nn.ReLU(),
    new nn.GlobalAvgPool2d(),
    new nn.Flatten(),
    new nn.Linear(4, 2),
  );
  const { layers, parameters, flops } = summarize(network, [1, 3, 8, 8]);
  expect(layers).toEqual([
    { name: "0", operator: "conv2d", shape: [1, 4, 8, 8], parameters: 112, flops: 2 * 64 * 4 * 27 },
    { name: "1", operator: "batchNorm", shape: [1, 4, 8, 8], parameters: 8, flops: 2 * 256 },
    { name: "", operator: "relu", shape: [1, 4, 8, 8], parameters: 0, flops: 0 },
    { name: "", operator: "adaptiveAvgPool2d", shape: [1, 4, 1, 1], parameters: 0, flops: 0 },
    { name: "", operator: "flatten", shape: [1, 4], parameters: 0, flops: 0 },
    { name: "5", operator: "linear", shape: [1, 2], parameters: 10, flops: 2 * 8 },
  ]);
  expect(parameters).toBe(130);
  expect(flops).toBe(2 * (64 * 4 * 27 + 256 + 8));
});

test("ResNet-18's multiply-adds at 224 pixels are those that are published", () => {
  const network = createModel("resnet18", { classes: 1000, imageSize: 224 });
  const { layers, flops, parameters } = summarize(network, [1, 3, 224, 224]);
  expect(flops / 2e9).toBeCloseTo(1.82, 2);
  expect(parameters).toBe(countParameters(network));
  expect(layers.reduce((sum, layer) => sum + layer.parameters, 0)).toBe(parameters);
  expect(layers.at(-1)).toMatchObject({ name: "linear", shape: [1, 1000] });
});

test("a summary leaves the network and the memory as they were", () => {
  const network = createModel("vgg16-bn", { classes: 2, width: 4 }).to("float64");
  const before = liveTensors();
  summarize(network, [2, 3, 32, 32]);
  expect(liveTensors()).toBe(before);
  expect(network.training).toBe(true);
  expect(network.stateDict().get("features.2.num_batches_tracked")?.item()).toBe(0);
  expect(() => summarize(network.eval(), [2, 5, 32, 32])).toThrow(/conv2d/);
  expect(network.training).toBe(false);
  expect(liveTensors()).toBe(before);
});
