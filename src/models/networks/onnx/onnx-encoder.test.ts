// Frozen encoders from ONNX files: features, refusals, training, and export with the encoder inside.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import proto from "onnx-proto";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { expectAllClose } from "../../../../test/support/all-close.js";
import { openModel, optionsFor, smallNetwork } from "../../../../test/support/exported.js";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { outcomeOf, tinyRecipe, tinyShapes } from "../../../../test/support/tiny-run.js";
import type { HeldSamples } from "../../../data/index.js";
import { attackRun } from "../../../evaluation/index.js";
import { exportRun, toOnnx } from "../../../export/index.js";
import { readCheckpoint } from "../../../runs/checkpoint.js";
import { readRunRecipe } from "../../../runs/index.js";
import { openRunModel } from "../../../runs/model/open-model.js";
import { noGrad, ops, setThreads, tensor } from "../../../torch/index.js";
import { train } from "../../../training/index.js";
import { createModel } from "../../index.js";

const folder = temporaryFolder();
let home: string;
let made = 0;
const image = [3, 16, 16];
const network = smallNetwork("resnet18", { imageSize: 16 });
const settings = optionsFor(image);

/** Changes a model and writes it; gives its name as a network. */
function variant(change: (model: ReturnType<typeof proto.onnx.ModelProto.decode>) => void, output = "#logits"): string {
  const model = proto.onnx.ModelProto.decode(toOnnx(network, settings));
  change(model);
  const file = join(home, `encoder-${made++}.onnx`);
  writeFileSync(file, proto.onnx.ModelProto.encode(model).finish());
  return `onnx:${file}${output}`;
}

beforeAll(() => {
  setThreads(1);
  home = folder("encoders");
});
afterEach(() => vi.unstubAllEnvs());

const images = ops.randn([5, ...image]);
function expected() {
  const { mean, std } = settings.normalization;
  const shaped = (values: readonly number[]) => tensor([...values], { shape: [1, 3, 1, 1] });
  return noGrad(() => network.eval().forward(images.sub(shaped(mean)).div(shaped(std))));
}

describe("an encoder", () => {
  test("gives the features that the file computes, of any number of images", () => {
    const encoder = createModel(
      variant(() => {}),
      { classes: 3, imageSize: 16 },
    );
    expect([encoder.embeddingSize, encoder.forward(images).shape]).toEqual([5, [5, 3]]);
    expectAllClose(encoder.embed(images), expected(), { rtol: 0, atol: 1e-4 });
    expect([...encoder.stateDict().keys()]).toEqual(["linear.weight", "linear.bias"]);
  });

  test("whose batches have a fixed size gets as many images at a time", () => {
    const name = variant(({ graph }) => {
      graph!.input![0]!.type!.tensorType!.shape!.dim![0] = { dimValue: 2 } as never;
    });
    expectAllClose(createModel(name, { classes: 3, imageSize: 16 }).embed(images), expected(), { rtol: 0, atol: 1e-4 });
  });

  test.each<[string, () => string, RegExp]>([
    [
      "of several outputs without a name",
      () => variant(() => {}, ""),
      /has 5 outputs; expected one of onnx:.*#logits, /,
    ],
    ["without the named output", () => variant(() => {}, "#none"), /has no output "none"; expected one of /],
    [
      "with numbers a sample for features",
      () => variant(() => {}, "#confidence"),
      /confidence is n x 0; expected features of n x size/,
    ],
    ["with whole numbers for features", () => variant(() => {}, "#label"), /label is int64; expected float32/],
    ["that is not there", () => "onnx:none.onnx", /`model: onnx:none\.onnx`: the file cannot be read: ENOENT/],
  ])("%s is refused in one line", (_, name, message) => {
    expect(() => createModel(name(), { classes: 3, imageSize: 16 })).toThrow(message);
  });

  test("that is no ONNX file, or takes other images, is refused in one line", () => {
    writeFileSync(join(home, "text.onnx"), "not a model");
    const create = (name: string, imageSize: number) => () => createModel(name, { classes: 3, imageSize });
    expect(create(`onnx:${join(home, "text.onnx")}`, 16)).toThrow(/text\.onnx is not an ONNX model/);
    expect(
      create(
        variant(() => {}),
        32,
      ),
    ).toThrow(/takes images of 3 x 16 x 16; received 3 x 32 x 32; use `imageSize: 16`$/);
    expect(() =>
      createModel(
        variant(() => {}),
        { classes: 3, features: 7 },
      ),
    ).toThrow(/takes images; received arrays/);
  });
});

describe("a run on an encoder", () => {
  const recipe = { ...tinyRecipe, width: 64 } as const;

  test("trains the classifier, resumes exactly, and exports both in one file", async () => {
    vi.stubEnv("XDG_CACHE_HOME", folder("cache"));
    const model = variant(({ metadataProps }) => {
      metadataProps.push({ key: "mean", value: "[0.1, 0.2, 0.3]" } as never, { key: "std", value: "1 1 2" } as never);
    });
    const [whole, stopped] = [join(home, "whole"), join(home, "stopped")];
    const notes: string[] = [];
    const listeners = [(event: { type: string; text?: string }) => void (event.text && notes.push(event.text))];
    await train({ ...recipe, model }, { dataSet: tinyShapes, out: whole, listeners });
    expect(notes).toContain(`${model.slice(5, -7)} sets images of 16 pixels; mean 0.1, 0.2, 0.3; deviation 1, 1, 2`);
    const stop = new AbortController();
    const listener = ({ type, epoch }: { type: string; epoch?: number }) => {
      if (type === "step" && epoch === 1) stop.abort();
    };
    await train(
      { ...recipe, model },
      { dataSet: tinyShapes, out: stopped, listeners: [listener], signal: stop.signal },
    );
    await train({}, { dataSet: tinyShapes, out: stopped, resume: true });
    expect(outcomeOf(stopped)).toEqual(outcomeOf(whole));

    const own = readRunRecipe(whole);
    expect(own.recipe).toMatchObject({ freeze: "backbone", augment: "none" });
    const file = join(home, "both.onnx");
    exportRun(whole, { onnx: file });
    const { values, labels } = tinyShapes.test as HeldSamples;
    const pixels = Float32Array.from(values, (value) => value / 255);
    const answers = await (await openModel(file)).ask(pixels, [labels.length, ...image]);
    const opened = openRunModel(own, readCheckpoint(whole, "last"), { device: "cpu" });
    const { mean, std } = own.resolved.normalization;
    const shaped = (numbers: readonly number[]) => tensor([...numbers], { shape: [1, 3, 1, 1] });
    const given = tensor(pixels, { shape: [labels.length, ...image] })
      .sub(shaped(mean))
      .div(shaped(std));
    expectAllClose(answers.logits, noGrad(() => opened.model.forward(given)).flatten(), { rtol: 0, atol: 1e-4 });
    opened.release();

    const data = "shapes:train=60,test=20,size=16,seed=3";
    const attacked = (attack: string) =>
      attackRun(whole, { data, attack, limit: 4, epsilon: 0.01, steps: 2, restarts: 1 });
    await expect(attacked("pgd")).rejects.toThrow(
      `\`attack: pgd\` needs gradients, and the encoder of \`model: ${model}\` has none; expected \`attack: square\``,
    );
  });

  test("cannot train the encoder", async () => {
    const model = variant(() => {});
    const training = (more: object) => train({ ...recipe, model, ...more }, { dataSet: tinyShapes });
    await expect(training({ freeze: 2 })).rejects.toThrow(
      /`freeze: 2`: the encoder of `model: onnx:.*` cannot be trained; expected backbone/,
    );
    const { startEpoch: _, targetMomentum: __, ...plain } = recipe;
    await expect(
      train({ ...plain, model, noise: "none", objective: "trades" }, { dataSet: tinyShapes }),
    ).rejects.toThrow(
      /`model: onnx:.*` trains a classifier on features; `objective: trades` trains the backbone itself/,
    );
    await expect(training({ width: 8 })).rejects.toThrow(/unknown option `width` of onnx:/);
  });
});
