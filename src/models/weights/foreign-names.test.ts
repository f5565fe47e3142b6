// The names and shapes of timm, torchvision, CLIP and the authors' code, on files that are made of our own weights.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { smallOptions } from "../../../test/support/small-networks.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { noGrad, ops, type StoredTensor, setThreads, toStored } from "../../torch/index.js";
import { type StoredDict, writeSafetensors } from "../../torch/serialization/index.js";
import { createModel, describeLoaded, loadWeights, type ModelOptions, type Network } from "../index.js";

const folder = temporaryFolder();
beforeAll(() => setThreads(1));

const create = (name: string, more: Partial<ModelOptions> = {}) =>
  createModel(name, { classes: 5, imageSize: 32, ...smallOptions(name), ...more });

type Renaming = readonly (readonly [ours: RegExp, theirs: string])[];

function renamed(state: StoredDict, rules: Renaming, shapes: (name: string, t: StoredTensor) => readonly number[]) {
  const name = (ours: string) => rules.reduce((text, [from, to]) => text.replace(from, to), ours);
  return new Map([...state].map(([ours, tensor]) => [name(ours), { ...tensor, shape: shapes(name(ours), tensor) }]));
}

async function load(model: Network, tensors: StoredDict) {
  const file = join(folder("files"), "w.safetensors");
  await writeFile(file, writeSafetensors(tensors));
  const result = await loadWeights(model, file);
  return { ...result, line: describeLoaded("w.safetensors", result) };
}

const asTheyAre = (_: string, { shape }: StoredTensor) => shape;

async function expectLoads(name: string, rules: Renaming, shapes = asTheyAre, prefix = "", eps?: number) {
  const [theirs, ours] = [create(name), create(name)];
  if (eps !== undefined) setEpsilon(theirs, eps);
  const file = renamed(toStored(theirs.stateDict()), rules, shapes);
  const { loaded, replaced, ignored } = await load(ours, new Map([...file].map(([k, v]) => [prefix + k, v])));
  expect({ loaded, replaced, ignored }).toEqual({ loaded: file.size, replaced: [], ignored: [] });
  const images = ops.randn([2, 3, 32, 32]);
  const outputs = [theirs, ours].map((network) => noGrad(() => network.eval().forward(images)).data());
  if (eps === undefined) expect(outputs[1]).toEqual(outputs[0]);
  else expectAllClose(outputs[1]!, outputs[0]!, { rtol: 1e-5, atol: 1e-6 });
}

function setEpsilon(network: Network, eps: number): void {
  for (const [, module] of network.namedModules()) if ("eps" in module) Object.assign(module, { eps });
}

const torchvisionBlocks: Renaming = [
  [/^blocks\.(\d+)\./, "encoder.layers.encoder_layer_$1."],
  [/\.norm([12])\./, ".ln_$1."],
  [/\.attn\.qkv\.(weight|bias)/, ".self_attention.in_proj_$1"],
  [/\.attn\.proj\./, ".self_attention.out_proj."],
];
const torchvisionVit: Renaming = [
  [/^cls_token/, "class_token"],
  [/^pos_embed/, "encoder.pos_embedding"],
  [/^patch_embed\.proj/, "conv_proj"],
  ...torchvisionBlocks,
  [/^norm\./, "encoder.ln."],
  [/^head\./, "heads.head."],
];

describe("a vision transformer", () => {
  test.each([
    ["as published", ".mlp.linear_1.", ".mlp.linear_2."],
    ["as they are now", ".mlp.0.", ".mlp.3."],
  ])("loads torchvision's names, %s", async (_, first, second) => {
    const rules: Renaming = [...torchvisionVit, [/\.mlp\.fc1\./, first], [/\.mlp\.fc2\./, second]];
    await expectLoads("vit-b-16", rules);
  });

  test("loads OpenAI's names, without the text tower and the projection", async () => {
    const rules: Renaming = [
      [/^cls_token/, "class_embedding"],
      [/^pos_embed/, "positional_embedding"],
      [/^patch_embed\.proj/, "conv1"],
      [/^norm_pre/, "ln_pre"],
      [/^norm\./, "ln_post."],
      [/^blocks\.(\d+)\./, "transformer.resblocks.$1."],
      [/\.norm([12])\./, ".ln_$1."],
      [/\.attn\.qkv\.(weight|bias)/, ".attn.in_proj_$1"],
      [/\.attn\.proj\./, ".attn.out_proj."],
      [/\.mlp\.fc1\./, ".mlp.c_fc."],
      [/\.mlp\.fc2\./, ".mlp.c_proj."],
    ];
    const flat = (name: string, { shape }: StoredTensor) =>
      name === "class_embedding" ? shape.slice(2) : name === "positional_embedding" ? shape.slice(1) : shape;
    const theirs = create("vit-b-16-clip");
    const image = renamed(toStored(theirs.stateDict()), rules, flat);
    const vector = { dtype: "float32", shape: [8], bytes: new Uint8Array(32) } as const;
    const text: [string, StoredTensor][] = [
      ...["0", "1", "2"].map((i): [string, StoredTensor] => [`transformer.resblocks.${i}.ln_1.weight`, vector]),
      ["ln_final.weight", vector],
      ["visual.proj", vector],
    ];
    const body = [...image].filter(([name]) => !name.startsWith("head."));
    const ours = create("vit-b-16-clip");
    const { prefix, ignored, replaced } = await load(
      ours,
      new Map([...body.map(([name, tensor]) => [`visual.${name}`, tensor] as const), ...text]),
    );
    expect([prefix, ignored, replaced]).toEqual(["visual.", text.map(([name]) => name), ["head.weight", "head.bias"]]);
    const images = ops.randn([2, 3, 32, 32]);
    const features = [theirs, ours].map((network) => noGrad(() => network.eval().embed(images)).data());
    expect(features[1]).toEqual(features[0]);
  });

  test("loads timm's names of registers, whose embedding has no place for the class token", async () => {
    const [theirs, ours] = [create("vit-s-14-dinov2-reg"), create("vit-s-14-dinov2-reg")];
    noGrad(() => theirs.stateDict().get("pos_embed")?.narrow(1, 0, 1).zero_());
    const state = toStored(theirs.stateDict());
    const positions = toStored(
      new Map([["pos_embed", theirs.stateDict().get("pos_embed")?.narrow(1, 1, 256).contiguous() as never]]),
    );
    const file = new Map(
      [...state, ...positions].map(([name, t]) => [name.replace("register_tokens", "reg_token"), t]),
    );
    await load(ours, file);
    const images = ops.randn([2, 3, 32, 32]);
    const outputs = [theirs, ours].map((network) => noGrad(() => network.eval().forward(images)).data());
    expect(outputs[1]).toEqual(outputs[0]);
  });

  test.each(["module.", "model.", "backbone.", "encoder_q.", "teacher.backbone."])(
    "loads below the prefix %s",
    async (prefix) => await expectLoads("vit-s-16", [], asTheyAre, prefix),
  );

  test.each<[string, Partial<ModelOptions>, Partial<ModelOptions>, RegExp]>([
    ["registers", { registers: 3 }, {}, /holds register_tokens, which the model does not have/],
    ["another depth", { depth: 3 }, {}, /holds blocks\.2\./],
    ["factors that the model lacks", { layerScale: true }, {}, /holds blocks\.0\.ls1\.gamma/],
    ["no factors, which the model has", {}, { layerScale: 1 }, /lacks blocks\.0\.ls1\.gamma/],
    [
      "another size of patches",
      { patchSize: 4 },
      {},
      /patch_embed\.proj\.weight is 8 x 3 x 4 x 4; expected 8 x 3 x 2 x 2/,
    ],
  ])("refuses weights of another one: %s", async (_, theirs, ours, message) => {
    await expect(load(create("vit", ours), toStored(create("vit", theirs).stateDict()))).rejects.toThrow(message);
  });
});

describe("ConvNeXt", () => {
  test("loads torchvision's names and its factors of three dimensions", async () => {
    const rules: Renaming = [
      [/^stem\./, "features.0."],
      [/^stages\.(\d)\.downsample\./, "down$1."],
      [/^stages\.(\d)\.blocks\.(\d+)\./, "stage$1.$2."],
      ...[1, 2, 3].map((i) => [new RegExp(`^down${i}\\.`), `features.${2 * i}.`] as const),
      ...[0, 1, 2, 3].map((i) => [new RegExp(`^stage${i}\\.`), `features.${2 * i + 1}.`] as const),
      [/\.conv_dw\./, ".block.0."],
      [/(features\.[1357]\.\d+)\.norm\./, "$1.block.2."],
      [/\.mlp\.fc1\./, ".block.3."],
      [/\.mlp\.fc2\./, ".block.5."],
      [/\.gamma$/, ".layer_scale"],
      [/^head\.norm\./, "classifier.0."],
      [/^head\.fc\./, "classifier.2."],
    ];
    await expectLoads("convnext-tiny", rules, (name, { shape }) =>
      name.endsWith("layer_scale") ? [...shape, 1, 1] : shape,
    );
  });

  test("loads its authors' names", async () => {
    await expectLoads("convnext-tiny", [
      [/^stem\./, "downsample_layers.0."],
      [/^stages\.(\d)\.downsample\./, "downsample_layers.$1."],
      [/^stages\.(\d)\.blocks\./, "stages.$1."],
      [/\.conv_dw\./, ".dwconv."],
      [/\.mlp\.fc([12])\./, ".pwconv$1."],
      [/^head\.norm\./, "norm."],
      [/^head\.fc\./, "head."],
    ]);
  });
});

/** timm's parts of a block, by how many parts it has here, and whether it squeezes. */
const parts: Readonly<Record<string, readonly string[]>> = {
  "2 false": ["conv_dw,bn1", "conv_pw,bn2"],
  "3 true": ["conv_dw,bn1", "se", "conv_pw,bn2"],
  "3 false": ["conv_pw,bn1", "conv_dw,bn2", "conv_pwl,bn3"],
  "4 true": ["conv_pw,bn1", "conv_dw,bn2", "se", "conv_pwl,bn3"],
};

/** The rules of the blocks at these places of ours, in timm's stages. */
function timmBlocks(model: Network, places: readonly (readonly [ours: string, theirs: string])[]): Renaming {
  const names = [...model.stateDict().keys()];
  return places.flatMap(([ours, theirs]) => {
    const inside = names.filter((name) => name.startsWith(`${ours}.`)).map((name) => name.slice(ours.length + 1));
    const count = new Set(inside.map((name) => name.split(".")[0])).size;
    const kinds = parts[`${count} ${inside.some((name) => name.includes("fc1"))}`] as readonly string[];
    return kinds.flatMap((part, number) =>
      part.split(",").map((name, at) => {
        const from = part === "se" ? `${ours}.${number}.` : `${ours}.${number}.${at}.`;
        return [new RegExp(`^${from.replaceAll(".", "\\.")}`), `${theirs}.${name}.`] as const;
      }),
    );
  });
}

const squeeze: Renaming = [
  [/\.fc1\./, ".conv_reduce."],
  [/\.fc2\./, ".conv_expand."],
];

describe("timm's names", () => {
  test.each([
    ["mobilenet-v3-small", [1, 2, 3, 2, 3]],
    ["mobilenet-v3-large", [1, 2, 3, 4, 2, 3]],
  ])("load into %s, the head's convolution as a linear layer", async (name, stages) => {
    const places = stages.flatMap((blocks, stage) => Array.from({ length: blocks }, (_, i) => `blocks.${stage}.${i}`));
    const after = `features\\.${places.length + 1}`;
    const rules: Renaming = [
      ...timmBlocks(
        create(name),
        places.map((theirs, i) => [`features.${i + 1}.block`, theirs]),
      ),
      ...squeeze,
      [/^features\.0\.0\./, "conv_stem."],
      [/^features\.0\.1\./, "bn1."],
      [new RegExp(`^${after}\\.0\\.`), `blocks.${stages.length}.0.conv.`],
      [new RegExp(`^${after}\\.1\\.`), `blocks.${stages.length}.0.bn1.`],
      [/^classifier\.0\./, "conv_head."],
      [/^classifier\.3\./, "classifier."],
    ];
    await expectLoads(
      name,
      rules,
      (theirs, { shape }) => (theirs === "conv_head.weight" ? [...shape, 1, 1] : shape),
      "",
      1e-5,
    );
  });

  test("load into EfficientNet", async () => {
    const depths = [1, 1, 1, 2, 2, 2, 1];
    const places = depths.flatMap((blocks, stage) =>
      Array.from({ length: blocks }, (_, i) => [`features.${stage + 1}.${i}.block`, `blocks.${stage}.${i}`] as const),
    );
    await expectLoads("efficientnet-b0", [
      ...timmBlocks(create("efficientnet-b0"), places),
      ...squeeze,
      [/^features\.0\.0\./, "conv_stem."],
      [/^features\.0\.1\./, "bn1."],
      [/^features\.8\.0\./, "conv_head."],
      [/^features\.8\.1\./, "bn2."],
      [/^classifier\.1\./, "classifier."],
    ]);
  });
});
