import { describe, expect, test } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { engineOutputs, openModel, optionsFor, pixels } from "../../test/support/exported.js";
import { manualSeed, nn, ops, type Tensor, tensor } from "../torch/index.js";
import { toOnnx } from "./onnx.js";

type Body = (maps: Tensor, network: Network) => Tensor;

/** Six maps of 4 x 4 from three channels, what `body` makes of them, and five classes. */
class Network extends nn.Module {
  readonly conv = new nn.Conv2d(3, 6, 3, { padding: 1 });
  readonly linear: nn.Linear;
  readonly scale: Tensor;
  readonly body: Body;

  constructor(body: Body, features = 6) {
    super();
    this.body = body;
    this.linear = new nn.Linear(features, 5);
    this.scale = this.parameter("scale", ops.randn([6, 1, 1]));
  }

  override forward(images: Tensor): Tensor {
    return this.linear.forward(this.body(this.conv.forward(images), this));
  }
}

const network = (body: Body, features?: number) => {
  manualSeed(3);
  return new Network(body, features);
};
const pooled = (maps: Tensor) => ops.adaptiveAvgPool2d(maps, [1, 1]).flatten({ startDim: 1 });
const options = optionsFor([3, 4, 4]);
const outside = tensor([1, 2, 3, 4, 5, 6], { shape: [6, 1, 1] });

describe("a network of one's own is exported", () => {
  test.each<[string, Body, number?]>([
    ["with operators in place", (maps) => pooled(maps.relu_().add_(maps.tanh()).sigmoid().relu_())],
    ["whose value is written over and read by its first name", (maps) => pooled(maps.relu_() && maps)],
    ["that adds a parameter of its own", (maps, { scale }) => pooled(maps.add(scale))],
    [
      "that joins columns counted from the end",
      (maps) => ops.cat([pooled(maps), pooled(maps.relu())], { dim: -1 }),
      12,
    ],
    ["with means over height and width", (maps) => maps.mean([2, -1])],
    ["with means that keep their dimension", (maps) => pooled(maps.mean([1], { keepdim: true }).add(maps))],
    [
      "with uneven strides and pools",
      (maps) => ops.maxPool2d(maps, [2, 1], { stride: [2, 1], padding: [1, 0] }).flatten({ startDim: 1 }),
      72,
    ],
    [
      "with a pool that rounds up",
      (maps) => ops.maxPool2d(maps, 3, { stride: 2, ceilMode: true }).flatten({ startDim: 1 }),
      24,
    ],
    ["with mean pools, padding counted", (maps) => ops.avgPool2d(maps, 2, { padding: 1 }).flatten({ startDim: 1 }), 54],
    [
      "with mean pools, padding not counted",
      (maps) => ops.avgPool2d(maps, 2, { padding: 1, countIncludePad: false }).flatten({ startDim: 1 }),
      54,
    ],
    [
      "with casts and copies that change nothing",
      (maps) => pooled(ops.contiguous(maps, { memoryFormat: "channels_last" })),
    ],
  ])("%s", async (_, body, features) => {
    const own = network(body, features);
    const { ask } = await openModel(toOnnx(own, options));
    for (const samples of [1, 3]) {
      const shape = [samples, 3, 4, 4];
      const outputs = engineOutputs(own, pixels(shape), shape, options.normalization);
      expectAllClose((await ask(pixels(shape), shape)).logits, outputs, { rtol: 0, atol: 1e-5 });
      expect(new Set(outputs).size).toBeGreaterThan(1);
    }
  });
});

describe("refused is a network", () => {
  test.each<[string, Body, RegExp]>([
    [
      "with an operator that is not known",
      (maps) => pooled(maps.cumsum(1)),
      /operator "cumsum" \(call 2 of \d+, after conv\) is not known; known are conv2d, linear, /,
    ],
    [
      "with an operator in place that is not known",
      (maps) => pooled(maps.exp_()),
      /operator "exp_" \(call 2 of \d+, after conv\) is not known/,
    ],
    [
      "that reshapes the batch",
      (maps) => pooled(maps).reshape([4, 3]).reshape([2, 6]),
      /operator "reshape" .* makes 4 of the first dimension's 2; expected it as it is/,
    ],
    [
      "that flattens the batch too",
      (maps) =>
        pooled(maps)
          .flatten()
          .unsqueeze(0)
          .matmul(ops.zeros([12, 6])),
      /"flatten" .* joins dimensions 0 to -1; expected 1 to the last/,
    ],
    [
      "that averages over the batch",
      (maps) => pooled(maps.mean([0], { keepdim: true }).add(maps)),
      /"mean" .* averages/,
    ],
    ["that joins batches", (maps) => ops.cat([pooled(maps), pooled(maps)]), /"cat" .* joins along the batch/],
    ["that adds a number", (maps) => pooled(maps.add(1)), /"add" .* adds a number or a multiple; expected two tensors/],
    ["that adds a multiple", (maps) => pooled(maps.add(maps, { alpha: 2 })), /"add" .* adds a number or a multiple/],
    [
      "that pools to more than one cell",
      (maps) => pooled(ops.adaptiveAvgPool2d(maps, [2, 2])),
      /pools to 2 x 2; expected 1 x 1/,
    ],
    [
      "that reads a tensor from outside",
      (maps) => pooled(maps.add(outside)),
      /"add" \(call 2 of \d+, after conv\) reads a tensor made outside of the forward pass/,
    ],
    [
      "that casts to bfloat16",
      (maps) => pooled(maps.to("bfloat16").to("float32")),
      /"to" .* makes bfloat16; expected float32/,
    ],
    [
      "that learns from the batch",
      (maps) => pooled(ops.batchNorm(maps, null, null, null, null, true, 0.1, 1e-5, true)),
      /"batchNorm" .* learns from the batch/,
    ],
    ["that drops values", (maps) => pooled(ops.dropout(maps, 0.5, true)), /"dropout" .* drops values/],
    [
      "that writes over a value whose view it reads later",
      (maps) => {
        const features = pooled(maps);
        const kept = features.flatten({ startDim: 1 });
        return features.relu_().add(kept);
      },
      /"add" .* reads a tensor that a later operator wrote over/,
    ],
    [
      "that writes over a weight",
      (maps, { scale }) => pooled(maps.add(scale.relu_())),
      /"relu_" .*, in scale\) writes over a weight/,
    ],
  ])("%s", (_, body, message) => {
    expect(() => toOnnx(network(body), options)).toThrow(message);
  });
});
