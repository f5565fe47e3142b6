// Small networks of torchvision, timm and DINOv2's published code, with random weights: what they computed in float64.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { fixture } from "../../test/support/golden.js";
import { fromStored, ops, readWeightsFile, scope, setThreads, type Tensor, tensor } from "../torch/index.js";
import { countParameters, createModel, loadWeights, type ModelOptions } from "./index.js";

beforeAll(() => setThreads(1));

interface Published {
  readonly parameters?: number;
  /** The cross-entropy of labels 0, 1, 2; a text where it is the sum of squares of the output. */
  readonly loss: number | string;
  readonly loss_value?: number;
  readonly gradient_norms: Readonly<Record<string, number>>;
}

const layers = { depths: [1, 1, 2, 1], dims: [8, 16, 24, 32], imageSize: 64 };
const tokens = { patchSize: 8, depth: 2, heads: 3, dimension: 24, imageSize: 32 };
const dinov2 = { patchSize: 14, depth: 2, heads: 3, dimension: 24, layerScale: 1 };
const cases: readonly [file: string, model: string, options: Partial<ModelOptions>][] = [
  ["convnext.safetensors", "convnext", layers],
  ["convnext.pth", "convnext", layers],
  ["timm-convnext.safetensors", "convnext", layers],
  ["vit.safetensors", "vit", { patchSize: 8, depth: 2, heads: 2, dimension: 16, mlpRatio: 2, imageSize: 32 }],
  ["vit.pth", "vit", { patchSize: 8, depth: 2, heads: 2, dimension: 16, mlpRatio: 2, imageSize: 32 }],
  ["timm-vit.safetensors", "vit", tokens],
  ["timm-vit-clip.safetensors", "vit", { ...tokens, preNorm: true, layerNormEps: 1e-5 }],
  ["dinov2-vit-56.safetensors", "vit", { ...dinov2, imageSize: 28 }],
  ["dinov2-vit-reg-56.safetensors", "vit", { ...dinov2, imageSize: 28, registers: 2 }],
  ["mobilenet-v3-small.safetensors", "mobilenet-v3-small", { widthMultiplier: 0.25 }],
  ["efficientnet-b0.safetensors", "efficientnet-b0", { widthMultiplier: 0.25, depthMultiplier: 0.5 }],
];

const nameOf = (file: string) => file.replace(/\..*$/, "");

async function open(file: string, model: string, options: Partial<ModelOptions>) {
  const network = createModel(model, { classes: 5, ...options })
    .to("float64")
    .eval();
  await loadWeights(network, fixture(`backbones/${file}`));
  const name = nameOf(file);
  const io = fromStored(await readWeightsFile(fixture(`backbones/${name}-io.safetensors`)));
  const published = JSON.parse(readFileSync(fixture(`backbones/${name}.json`), "utf8")) as Published;
  const expected = (io.get("eval_logits") ?? io.get("output")) as Tensor;
  return { network, images: io.get("x") as Tensor, expected, published };
}

/** DINOv2's backbones have no classifier. */
const outputOf = (file: string) => (file.startsWith("dinov2") ? "embed" : "forward");

describe.each(cases)("the published %s", (file, model, options) => {
  test("gives its outputs in float64", async () => {
    const { network, images, expected } = await open(file, model, options);
    expectAllClose(network[outputOf(file)](images), expected, { rtol: 1e-6, atol: 1e-6 });
  });

  test("gives its loss, the norm of every gradient, and its number of parameters", async () => {
    const { network, images, published } = await open(file, model, options);
    const output = network[outputOf(file)](images);
    const given = published.loss_value;
    const loss =
      given === undefined ? ops.crossEntropyLoss(output, tensor([0, 1, 2], { dtype: "int64" })) : output.square().sum();
    loss.backward();
    expectAllClose(loss, given ?? (published.loss as number), { rtol: 1e-6, atol: 0 });
    const norms = network.parameters().flatMap(({ grad }) => (grad === null ? [] : [grad.norm().item()]));
    const sorted = (values: readonly number[]) => values.toSorted((a, b) => a - b);
    const expected = sorted(Object.values(published.gradient_norms));
    expect(norms).toHaveLength(expected.length);
    expectAllClose(sorted(norms), expected, { rtol: 1e-6, atol: 1e-12 });
    if (published.parameters !== undefined) expect(countParameters(network)).toBe(published.parameters);
  });
});

describe("position embeddings", () => {
  test.each([
    ["dinov2-vit-56.safetensors", {}],
    ["dinov2-vit-reg-56.safetensors", { registers: 2 }],
  ])("of %s are resized when they are loaded as by the published code", async (file, more) => {
    const { network, images, expected } = await open(file, "vit", { ...dinov2, ...more, imageSize: 56 });
    expectAllClose(network.embed(images), expected, { rtol: 1e-6, atol: 1e-6 });
  });
});

test("the published sizes have as many parameters", () => {
  const sizes = JSON.parse(readFileSync(fixture("backbones/sizes.json"), "utf8")) as Record<string, number>;
  const count = (name: string, classes = 1000) =>
    scope(() => countParameters(createModel(name, { classes, imageSize: 224 })));
  expect({
    vit_b_16: count("vit-b-16"),
    convnext_tiny: count("convnext-tiny"),
    mobilenet_v3_small: count("mobilenet-v3-small"),
    mobilenet_v3_large: count("mobilenet-v3-large"),
    efficientnet_b0: count("efficientnet-b0"),
  }).toEqual(sizes);
  expect(count("vit-s-16")).toBe(22_050_664);
});
