// Frozen backbones, learning rates by layer, and parameters without decay.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { picture } from "../../test/support/picture-folder.js";
import { smallOptions } from "../../test/support/small-networks.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { outcomeOf, tinyRecipe, tinyShapes } from "../../test/support/tiny-run.js";
import { createModel, layerDepths, modelNames, selectiveNetwork, selfSupervisedNetwork } from "../models/index.js";
import { crossEntropy } from "../objectives/index.js";
import { buildModel } from "../runs/model/build-model.js";
import type { ResolvedRecipe } from "../runs/recipe/resolve.js";
import { parseRecipe, type RecipeInput } from "../runs/recipe/schema.js";
import { ops, readSafetensors, scope, setThreads, Tensor } from "../torch/index.js";
import { FreezableNetwork } from "./session/frozen-backbone.js";
import { parameterGroups } from "./session/parameter-groups.js";
import { train } from "./train.js";

const named = temporaryFolder();
let made = 0;
const folder = (name: string) => named(`${name}-${made++}`);
beforeAll(() => setThreads(1));
afterEach(() => vi.unstubAllEnvs());

/** Trains into a new folder, with a cache of features of its own unless one is given. */
async function run(recipe: Partial<RecipeInput>, options: Parameters<typeof train>[1] = {}, cache = folder("cache")) {
  vi.stubEnv("XDG_CACHE_HOME", cache);
  const out = options.out ?? join(folder("run"), "run");
  const notes: string[] = [];
  const listeners = [({ ...event }: { type: string; text?: string }) => void (event.text && notes.push(event.text))];
  await train({ ...tinyRecipe, augment: "none", ...recipe }, { dataSet: tinyShapes, listeners, ...options, out });
  return { out, notes, cache };
}

const weightsOf = (out: string, file = "model") =>
  readSafetensors(new Uint8Array(readFileSync(join(out, "checkpoint", "last", `${file}.safetensors`))), file).tensors;

/** The tensors in which two runs differ. */
function changed(one: string, other: string): string[] {
  const [a, b] = [weightsOf(one), weightsOf(other)];
  return [...a.keys()].filter((name) => Buffer.compare(a.get(name)!.bytes, b.get(name)!.bytes) !== 0);
}

const stopAfter = (epoch: number, step: number) => {
  const stop = new AbortController();
  const listener = (event: { type: string; epoch?: number; step?: number }) => {
    if (event.type === "step" && event.epoch === epoch && event.step === step) stop.abort();
  };
  return { signal: stop.signal, listeners: [listener] };
};

const classifier = ["linear.weight", "linear.bias"];

describe("a frozen backbone", () => {
  test("stays as it is, running statistics included, and its classifier is trained", async () => {
    const two = await run({ freeze: "backbone", epochs: 2 });
    const three = await run({ freeze: "backbone", epochs: 3 });
    expect(changed(two.out, three.out)).toEqual(classifier);
    expect(two.notes).toContain("frozen backbone: features are computed once");
  });

  test("computes features once: a later run reads them, and computes them again from a damaged file or on a disk that takes none", async () => {
    const first = await run({ freeze: "backbone" });
    const files = () => readdirSync(join(first.cache, "selfadapt", "features"));
    expect(files()).toHaveLength(2);
    const again = await run({ freeze: "backbone" }, {}, first.cache);
    expect(outcomeOf(again.out)).toEqual(outcomeOf(first.out));
    for (const file of files()) writeFileSync(join(first.cache, "selfadapt", "features", file), "damaged");
    const repaired = await run({ freeze: "backbone" }, {}, first.cache);
    expect(outcomeOf(repaired.out)).toEqual(outcomeOf(first.out));
    await run({ freeze: "backbone", seed: 6 }, {}, first.cache);
    expect(files()).toHaveLength(4);
    const full = join(named("full", { file: "" }), "file");
    const unkept = await run({ freeze: "backbone" }, {}, full);
    expect(outcomeOf(unkept.out)).toEqual(outcomeOf(first.out));
  });

  test("computes features again of streamed pictures that were replaced", async () => {
    const picturesOf = async (first: number) =>
      Object.fromEntries(
        await Promise.all(
          ["cat", "dog"].flatMap((name, label) =>
            Array.from({ length: 6 }, async (_, i) => [
              `${name}/${i}.png`,
              await picture(first + 10 * label + i, 16, 16),
            ]),
          ),
        ),
      ) as Record<string, Uint8Array>;
    const data = named("pictures", await picturesOf(0));
    const channels = { mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2] };
    const recipe = { data, stream: "always", ...channels, freeze: "backbone", noise: "none" } as const;
    const first = await run(recipe, { dataSet: undefined });
    const files = () => readdirSync(join(first.cache, "selfadapt", "features"));
    const kept = files().length;
    await run(recipe, { dataSet: undefined }, first.cache);
    expect(files()).toHaveLength(kept);
    named("pictures", await picturesOf(50));
    await run(recipe, { dataSet: undefined }, first.cache);
    expect(files()).toHaveLength(2 * kept);
  });

  test("trains on features as on the images that they are of", async () => {
    const recipe = { noise: "none", freeze: "backbone", lr: 0.05 } as const;
    const { startEpoch: _, targetMomentum: __, ...plain } = tinyRecipe;
    const stepping = {
      step(forward: (images: Tensor) => Tensor, batch: { images: Tensor; labels: Int32Array }) {
        const logits = forward(batch.images);
        return { loss: crossEntropy().loss(logits, batch as never), logits };
      },
    };
    const results = [];
    for (const objective of [crossEntropy(), stepping]) {
      const out = join(folder("run"), "run");
      vi.stubEnv("XDG_CACHE_HOME", folder("cache"));
      await train(
        { ...plain, ...recipe, augment: "none" },
        { dataSet: tinyShapes, out, objective: objective as never },
      );
      results.push(weightsOf(out).get("linear.weight")!.bytes.slice());
    }
    const [cached, computed] = results.map((bytes) => new Float32Array(bytes.buffer));
    expectAllClose(computed as Float32Array, cached as Float32Array, { rtol: 1e-4, atol: 1e-5 });
  });

  test("is computed in every epoch with augmentation", async () => {
    const { notes, cache } = await run({ freeze: "backbone", augment: "crop-flip", epochs: 1 });
    expect(notes).toContain("frozen backbone: features are computed in every epoch, because of augment crop-flip");
    expect(readdirSync(cache)).toEqual([]);
  });

  test("is trained from epoch N on", async () => {
    const [one, two, three] = [
      await run({ freeze: 2, epochs: 1, schedule: "constant" }),
      await run({ freeze: 2, epochs: 2, schedule: "constant" }),
      await run({ freeze: 2, epochs: 3, schedule: "constant" }),
    ];
    expect(changed(one.out, two.out)).toEqual(classifier);
    expect(changed(two.out, three.out).length).toBeGreaterThan(100);
  });

  test.each([
    ["backbone", 1, 2],
    [1, 0, 2],
    [1, 1, 1],
  ] as const)("resumes exactly: %s, stopped in epoch %i after step %i", async (freeze, epoch, step) => {
    const whole = await run({ freeze, emaDecay: 0.9 });
    const stopped = await run({ freeze, emaDecay: 0.9 }, stopAfter(epoch, step));
    await run({}, { out: stopped.out, resume: true });
    expect(outcomeOf(stopped.out)).toEqual(outcomeOf(whole.out));
  });

  test.each(["simclr", "pgd-at"])("is refused with %s", async (objective) => {
    const { startEpoch: _, targetMomentum: __, ...plain } = tinyRecipe;
    const training = train({ ...plain, noise: "none", objective, freeze: "backbone" }, { dataSet: tinyShapes });
    await expect(training).rejects.toThrow(
      `\`freeze: backbone\` trains a classifier on features; \`objective: ${objective}\` trains the backbone itself`,
    );
  });

  test("is refused for what is no number of epochs", async () => {
    await expect(train({ data: "photos", freeze: "head" as never })).rejects.toThrow(
      '`freeze`: received "head"; expected none, backbone or a whole number of at least 1',
    );
  });
});

describe("gradient checkpointing", () => {
  test("changes no number of a run", async () => {
    const losses = [];
    for (const gradientCheckpointing of [false, true]) {
      const recipe = {
        ...tinyRecipe,
        width: 64,
        model: "vit-s-16",
        limitTrain: 12,
        batchSize: 6,
        epochs: 1,
        lr: 0.001,
      } as const;
      const { summary } = await train({ ...recipe, gradientCheckpointing }, { dataSet: tinyShapes });
      losses.push([summary?.testLoss, summary?.noisyTrainAccuracy]);
    }
    expect(losses[1]).toEqual(losses[0]);
  });

  test.each([
    [{ model: "resnet18" }, "is for vision transformers and ConvNeXt; received it with `model: resnet18`"],
    [{ model: "vit-s-16", objective: "pgd-at" }, "cannot be combined with `objective: pgd-at`"],
  ])("is refused with %o", async (more, message) => {
    const training = train({ gradientCheckpointing: true, epochs: 1, ...more }, { dataSet: tinyShapes });
    await expect(training).rejects.toThrow(message);
  });
});

describe("the parameters of a run", () => {
  const vit = createModel("vit", { classes: 3, imageSize: 8, ...smallOptions("vit"), registers: 1 });
  const settings = { lr: 0.1, decayOn: "all" } as const satisfies Partial<ResolvedRecipe>;
  const nameOf = new Map([...vit.namedParameters()].map(([name, value]) => [value, name]));
  /** The rate and the decay of each parameter, by name. */
  const byName = (more: object) =>
    Object.fromEntries(
      (
        parameterGroups(vit, { ...settings, ...more } as never) as {
          parameters: Tensor[];
          lr?: number;
          weightDecay?: number;
        }[]
      ).flatMap(({ parameters, lr = 0.1, weightDecay }) =>
        parameters.map((value) => [nameOf.get(value) as string, [lr, weightDecay] as const]),
      ),
    );

  test("are a plain list where the recipe has no groups", () => {
    const parameters = parameterGroups(vit, settings as never);
    expect(parameters.every((value) => value instanceof Tensor)).toBe(true);
    expect(parameters).toHaveLength(vit.parameters().length);
  });

  test("have rates by layer, the classifier's first, embeddings the last", () => {
    const rates = byName({ layerDecay: 0.5, headLr: 1 });
    expect(Object.keys(rates)).toHaveLength(vit.parameters().length);
    const rate = (name: string) => rates[name]?.[0];
    expect([rate("head.weight"), rate("head.bias")]).toEqual([1, 1]);
    expect([rate("norm.weight"), rate("blocks.1.attn.qkv.weight"), rate("blocks.0.mlp.fc1.bias")]).toEqual([
      0.1, 0.05, 0.025,
    ]);
    expect([rate("pos_embed"), rate("patch_embed.proj.weight"), rate("cls_token")]).toEqual([0.0125, 0.0125, 0.0125]);
  });

  test("do not decay where they are biases, norms or embeddings", () => {
    const decays = byName({ decayOn: "weights" });
    const without = Object.keys(decays).filter((name) => decays[name]?.[1] === 0);
    expect(without).toEqual(
      expect.arrayContaining(["pos_embed", "cls_token", "register_tokens", "norm.bias", "blocks.0.norm1.weight"]),
    );
    expect(without.some((name) => /(?:qkv|fc1|proj|head)\.weight/.test(name))).toBe(false);
  });

  test.each(modelNames.filter((name) => name !== "vgg16-bn"))("of %s are deeper, the later they come", (name) => {
    const network = createModel(name, {
      classes: 3,
      imageSize: 32,
      ...smallOptions(name),
      ...(name === "wrn-16-1" && { width: 16 }),
    });
    const depths = [...layerDepths(network)];
    expect([...layerDepths(new FreezableNetwork(network, () => true, false))]).toEqual(depths);
    const deepest = Math.max(...depths.map(([, depth]) => depth));
    expect(depths.filter(([parameter]) => parameter.startsWith(`${network.head}.`)).map(([, depth]) => depth)).toEqual([
      deepest,
      deepest,
    ]);
    const order = depths.map(([, depth]) => depth);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(deepest).toBeGreaterThanOrEqual(3);
    for (const wrapped of [selectiveNetwork(network, 3), selfSupervisedNetwork(network)]) {
      const [inside, beside] = [true, false].map((within) =>
        [...layerDepths(wrapped)].filter(([parameter]) => parameter.startsWith("network.") === within),
      );
      expect(inside).toEqual(depths.map(([parameter, depth]) => [`network.${parameter}`, depth]));
      expect(new Set(beside?.map(([, depth]) => depth))).toEqual(new Set([deepest]));
    }
  });
});

describe("drop path", () => {
  const built = (recipe: object) =>
    buildModel(parseRecipe({ data: "d", ...recipe }), {
      classes: 3,
      shape: [3, 32, 32],
      dtype: "float32",
      device: "cpu",
    });

  test("of a recipe rises from 0 at the first block to its rate at the last", () => {
    const ones = ops.ones([20_000, 1]);
    const modules = [...built({ model: "convnext-tiny", dropPath: 0.34 }).namedModules()];
    const branches = modules.filter(([name]) => name.endsWith(".dropPath")).map(([, module]) => module);
    expect(branches).toHaveLength(18);
    for (const [i, branch] of branches.entries()) {
      const dropped = scope(() => branch.train().forward(ones).eq(0).to("float32").mean().item());
      // Four standard deviations.
      expect(Math.abs(dropped - 0.02 * i)).toBeLessThanOrEqual(i === 0 ? 0 : 0.014);
    }
  });

  test("is refused for networks without it", () => {
    expect(() => built({ model: "resnet18", width: 4, dropPath: 0.1 })).toThrow(
      "unknown option `dropPath` of resnet18: received 0.1",
    );
  });
});
