import { describe, expect, test } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { manualSeed, type nn, noGrad, ops, type Tensor } from "../../torch/index.js";
import { countParameters, createModel, type ModelOptions } from "../index.js";

/** The paper's equations by single operators: x_{l+1} = x_l + conv(relu(bn(conv(relu(bn(x_l)))))), in evaluation mode. */
function plainLogits(weights: nn.StateDict, images: Tensor, large: boolean): Tensor {
  const weight = (name: string) => weights.get(name) as Tensor;
  const activated = (x: Tensor, name: string) => {
    const [mean, variance, scale, shift] = ["running_mean", "running_var", "weight", "bias"].map((part) =>
      weight(`${name}.${part}`).reshape([1, -1, 1, 1]),
    ) as [Tensor, Tensor, Tensor, Tensor];
    return x.sub(mean).div(variance.add(1e-5).sqrt()).mul(scale).add(shift).relu();
  };
  const convolved = (x: Tensor, name: string, stride: number) => {
    const kernel = weight(`${name}.weight`);
    const padding = ((kernel.shape[2] as number) - 1) / 2;
    return ops.conv2d(x, kernel, { stride: [stride, stride], padding: [padding, padding] });
  };
  const first = activated(convolved(images, "conv1", large ? 2 : 1), "bn1");
  let x = large ? ops.maxPool2d(first, [3, 3], { stride: [2, 2], padding: [1, 1] }) : first;
  for (const [layer, unit] of [1, 2, 3, 4].flatMap((stage) => [0, 1].map((at) => [stage, at] as const))) {
    const name = `layer${layer}.${unit}`;
    const stride = layer > 1 && unit === 0 ? 2 : 1;
    const a = layer === 1 && unit === 0 ? x : activated(x, `${name}.bn1`);
    const inner = activated(convolved(a, `${name}.conv1`, stride), `${name}.bn2`);
    const shortcut = stride === 2 ? convolved(a, `${name}.convShortcut`, 2) : x;
    x = shortcut.add(convolved(inner, `${name}.conv2`, 1));
  }
  const features = activated(x, "bn2").mean([2, 3]);
  return features.matmul(weight("linear.weight").t()).add(weight("linear.bias"));
}

/** Batch norms away from the identity, so that a missing or misplaced one shows. */
function randomizeNorms(weights: nn.StateDict): void {
  for (const [name, value] of weights) {
    if (name.endsWith("num_batches_tracked") || value.shape.length !== 1) continue;
    const low = name.endsWith("bias") || name.endsWith("running_mean") ? -0.5 : 0.5;
    noGrad(() => value.copy_(ops.rand(value.shape).to("float64").add(low)));
  }
}

describe("PreActResNet-18", () => {
  test.each([
    ["cifar", 16],
    ["imagenet", 64],
  ] as const)("computes the paper's equations with the %s stem", (stem, imageSize) => {
    manualSeed(4);
    const options: Partial<ModelOptions> = { width: 4, imageSize, stem };
    const model = createModel("preact-resnet18", { classes: 5, ...options })
      .to("float64")
      .eval();
    randomizeNorms(model.stateDict());
    const images = ops.randn([2, 3, imageSize, imageSize]).to("float64");
    const logits = noGrad(() => model.forward(images));
    const expected = noGrad(() => plainLogits(model.stateDict(), images, stem === "imagenet"));
    expectAllClose(logits, expected, { rtol: 1e-9, atol: 1e-9 });
  });

  test("has as many parameters as counted by hand", () => {
    const model = createModel("preact-resnet18", { classes: 10 });
    const pairs = [64, 128, 256, 512].map((channels, i) => {
      const inputs = i === 0 ? channels : channels / 2;
      return { channels, inputs };
    });
    const convolutions = pairs.map(({ channels, inputs }) => {
      const projection = inputs === channels ? 0 : inputs * channels;
      return 9 * (inputs * channels + 3 * channels ** 2) + projection;
    });
    // Two a unit, of its inputs and of its width; the first of the first unit is that of the stem; one after the last unit.
    const norms = pairs.map(({ channels, inputs }) => 2 * (inputs + 3 * channels));
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    const total = 9 * 3 * 64 + sum(convolutions) + sum(norms) + 2 * 512 + 513 * 10;
    expect(countParameters(model)).toBe(total);
    expect(total).toBe(11_172_170);
  });
});
