import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import onnxProto from "onnx-proto";
import { beforeAll, describe, expect, test } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { openModel } from "../../test/support/exported.js";
import { readHeld } from "../../test/support/held.js";
import { python3 } from "../../test/support/python.js";
import { embeddings } from "../../test/support/small-data.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { byMethod, tinyRecipe, tinyShapes } from "../../test/support/tiny-run.js";
import { type HeldSamples, networkInput, shapesDataSet } from "../data/index.js";
import { confidenceBy, type OutputScore, predictions } from "../metrics/index.js";
import { createModel } from "../models/index.js";
import { readCheckpoint } from "../runs/checkpoint.js";
import { type Calibration, writeCalibration } from "../runs/files/calibration.js";
import { type RecipeInput, readRunRecipe } from "../runs/index.js";
import { openRunModel } from "../runs/model/open-model.js";
import { noGrad, scope, setThreads } from "../torch/index.js";
import { readSafetensors, readWeightsFile } from "../torch/serialization/index.js";
import { train } from "../training/index.js";
import { exportRun } from "./index.js";

const folder = temporaryFolder();
const samples = tinyShapes.test as HeldSamples;

beforeAll(() => setThreads(1));

/** At a rate that leaves outputs near 1: after a few steps at the usual one some are in the hundreds of thousands. */
async function trainTiny(name: string, recipe: Partial<RecipeInput> = {}, dataSet = tinyShapes): Promise<string> {
  const run = join(folder(name), "run");
  await train(byMethod({ ...tinyRecipe, epochs: 1, lr: 0.01, ...recipe }), { out: run, dataSet });
  return run;
}

/** What the engine says of samples, by a run's checkpoint, in float32. */
function engineAnswers(run: string, { values, labels, shape }: HeldSamples, checkpoint: "last" | "best" = "last") {
  const own = readRunRecipe(run);
  const asked = { precision: "fp32", kernels: "stock", device: "cpu" } as const;
  const { model, device, dtype, release } = openRunModel(own, readCheckpoint(run, checkpoint), asked);
  const { normalization, classes } = own.resolved;
  const samples = { values, labels, shape };
  const images = () => networkInput({ samples, normalization, device, dtype });
  const outputs = scope(() => noGrad(() => model.forward(images())).data() as Float32Array);
  release();
  return { outputs, classes: classes.length };
}

/** What is fed to a model: pixels as fractions, other values as they are. */
const inputsOf = ({ values }: HeldSamples) =>
  values instanceof Uint8Array ? Float32Array.from(values, (value) => value / 255) : values;

async function expectSameAnswers(run: string, file: string, score: OutputScore, given: HeldSamples): Promise<void> {
  const count = given.labels.length;
  const { outputs, classes } = engineAnswers(run, given);
  const { ask } = await openModel(file);
  const answers = await ask(inputsOf(given), [count, ...given.shape]);
  const columns = outputs.length / count;
  const logits = outputs.filter((_, i) => i % columns < classes);
  expectAllClose(answers.logits, outputs, { rtol: 0, atol: 1e-4 });
  expect(answers.label).toEqual([...predictions(logits, count)]);
  expectAllClose(answers.confidence, confidenceBy(score, outputs, count, classes), { rtol: 0, atol: 1e-4 });
}

describe("a trained run's ONNX model answers as the run does", () => {
  test.each<[string, OutputScore, Partial<RecipeInput>]>([
    ["resnet18", "softmax-response", {}],
    ["resnet34", "softmax-response", { model: "resnet34", objective: "ce" }],
    ["resnet50", "softmax-response", { model: "resnet50", objective: "ce" }],
    ["wrn-16-1", "softmax-response", { model: "wrn-16-1", precision: "fp64" }],
    ["wrn-28-10", "softmax-response", { model: "wrn-28-10", objective: "ce", precision: "bf16" }],
    ["wrn-34-10", "softmax-response", { model: "wrn-34-10", objective: "ce" }],
    ["mlp", "softmax-response", { model: "mlp", emaDecay: 0.5 }],
    ["sat-selective", "abstention", { objective: "sat-selective" }],
    ["deep-gamblers", "abstention", { objective: "deep-gamblers", model: "mlp" }],
    ["selectivenet", "selection", { objective: "selectivenet" }],
  ])("%s", async (name, score, recipe) => {
    const run = await trainTiny(name, { ...recipe, limitTrain: 36 });
    const file = join(run, "model.onnx");
    expect(exportRun(run, { onnx: file })).toMatchObject({ checkpoint: "last", score, threshold: null });
    await expectSameAnswers(run, file, score, samples);
  });

  test("vgg16-bn", async () => {
    const pictures = shapesDataSet({ train: 24, test: 10, size: 32, seed: 3 });
    const run = await trainTiny("vgg16-bn", { model: "vgg16-bn", objective: "sat-selective" }, pictures);
    exportRun(run, { onnx: join(run, "model.onnx") });
    await expectSameAnswers(run, join(run, "model.onnx"), "abstention", pictures.test as HeldSamples);
  });

  test("mlp on embeddings", async () => {
    const home = folder("embeddings", embeddings());
    const [run, file] = [join(home, "run"), join(home, "model.onnx")];
    await train({ ...tinyRecipe, data: home, model: "mlp", epochs: 1 }, { out: run });
    exportRun(run, { onnx: file });
    expect((await openModel(file)).session.inputNames).toEqual(["features"]);
    await expectSameAnswers(run, file, "softmax-response", (await readHeld(home)).train);
  });
});

describe("a run", () => {
  let run: string;
  const calibration: Calibration = {
    score: "max-logit",
    temperature: 1.3,
    threshold: 0.2,
    target: { coverage: 0.8 },
    achieved: { coverage: 0.8, risk: 0.3, riskBound: null, samples: 100 },
    data: "./held-out",
    fingerprint: "0123456789abcdef",
    checkpoint: "best",
    passes: null,
    version: "0.1.0",
  };
  beforeAll(async () => {
    run = await trainTiny("files", { epochs: 2, valFraction: 0.3, emaDecay: 0.9 });
  });
  const averaged = (name = "last") => join(run, "checkpoint", name, "ema.safetensors");

  test("gives its averaged weights as safetensors and .pth, with metadata, and no other files", async () => {
    const home = folder("weights", { "model.pth": "what was there" });
    const files = { safetensors: join(home, "model.safetensors"), pth: join(home, "model.pth") };
    const { files: written } = exportRun(run, files);
    expect(readdirSync(home).sort()).toEqual(["model.pth", "model.safetensors"]);
    expect(written.map(({ form, bytes }) => [form, bytes])).toEqual([
      ["safetensors", readFileSync(files.safetensors).length],
      ["pth", readFileSync(files.pth).length],
    ]);
    const wanted = await readWeightsFile(averaged());
    for (const file of Object.values(files)) {
      const found = await readWeightsFile(file);
      expect([...found.keys()]).toEqual([...wanted.keys()]);
      for (const [name, { bytes }] of found) expect(Buffer.compare(bytes, wanted.get(name)!.bytes)).toBe(0);
    }
    const { metadata } = readSafetensors(new Uint8Array(readFileSync(files.safetensors)), "it");
    expect(metadata).toMatchObject({ "selfadapt.model": "resnet18", "selfadapt.calibration": "null" });
  });

  test("loads in PyTorch by torch.load(weights_only=True), under the authors' names", ({ skip }) => {
    if (!python3("import torch").ok) skip("there is no Python with torch here");
    const file = join(folder("pytorch"), "model.pth");
    exportRun(run, { pth: file });
    const script =
      "import sys, torch; print('\\n'.join(f'{k} {list(v.shape)}' for k, v in torch.load(sys.argv[1], weights_only=True).items()))";
    const { stateDict, named } = namesOf();
    expect(python3(script, file)).toEqual({ ok: true, said: named });
    expect(stateDict).toBeGreaterThan(100);
  });

  function namesOf() {
    const state = createModel("resnet18", { classes: 10, width: 4, imageSize: 16 }).stateDict();
    const lines = [...state].map(([name, { shape }]) => `${name} [${shape.join(", ")}]`);
    return { stateDict: state.size, named: lines.join("\n") };
  }

  test("carries its calibration: score, temperature, threshold, and the checkpoint that it is of", async () => {
    const { outputs } = engineAnswers(run, samples, "best");
    const expected = confidenceBy("max-logit", outputs, 20, 10, 1.3);
    const [below, above] = expected.toSorted().subarray(7, 9) as unknown as [number, number];
    const threshold = (below + above) / 2;
    writeCalibration(run, { ...calibration, threshold });
    const file = join(folder("calibrated"), "model.onnx");
    const carried = { checkpoint: "best", score: "max-logit", temperature: 1.3, threshold };
    expect(exportRun(run, { onnx: file })).toMatchObject(carried);
    const { abstained, confidence } = await (await openModel(file)).ask(inputsOf(samples), [20, ...samples.shape]);
    expectAllClose(confidence, expected, { rtol: 0, atol: 1e-4 });
    expect(abstained).toEqual([...expected].map((value) => value < threshold));
    expect(abstained.filter(Boolean)).toHaveLength(8);
  });

  test("says of itself what inference needs to know", () => {
    writeCalibration(run, calibration);
    const file = join(folder("metadata"), "model.onnx");
    exportRun(run, { onnx: file });
    const { metadataProps } = onnxProto.onnx.ModelProto.decode(readFileSync(file));
    const entries = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value as string]));
    const {
      version,
      classes,
      input,
      normalization,
      calibration: own,
      ...plain
    } = Object.fromEntries(Object.entries(entries).map(([key, value]) => [key.replace("selfadapt.", ""), value]));
    expect(plain).toEqual({ model: "resnet18", objective: "sat", score: "max-logit" });
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect(JSON.parse(classes as string)).toEqual(tinyShapes.classes);
    const size = { channels: 3, height: 16, width: 16 };
    expect(JSON.parse(input as string)).toEqual({
      kind: "images",
      ...size,
      resize: "cover",
      order: "RGB",
      range: [0, 1],
    });
    expect(JSON.parse(normalization as string)).toEqual(readRunRecipe(run).resolved.normalization);
    expect(JSON.parse(own as string)).toEqual(calibration);
  });

  test("of another checkpoint than the calibrated one has no calibration", () => {
    writeCalibration(run, calibration);
    const file = join(folder("uncalibrated"), "last.safetensors");
    expect(exportRun(run, { safetensors: file, checkpoint: "last" })).toMatchObject({
      temperature: 1,
      threshold: null,
    });
    const { metadata } = readSafetensors(new Uint8Array(readFileSync(file)), "it");
    expect(metadata["selfadapt.calibration"]).toBe("null");
  });

  test("is refused, and nothing written, where it cannot be exported so", () => {
    const home = folder("refused");
    mkdirSync(join(home, "taken"));
    const onnx = join(home, "model.onnx");
    const refusal = (options: Parameters<typeof exportRun>[1]) => () => exportRun(run, options);
    writeCalibration(run, calibration);
    expect(refusal({})).toThrow("nothing to export; expected `onnx`, `safetensors` or `pth: FILE`");
    expect(refusal({ onnx: "" })).toThrow('`onnx`: received ""; expected a file');
    expect(refusal({ onnx, pth: onnx })).toThrow("`pth`: ");
    expect(refusal({ onnx, checkpoint: "lst" as "last" })).toThrow('`checkpoint`: received "lst"');
    expect(refusal({ onnx, checkpoint: "last" })).toThrow(/`checkpoint`: received last, but .* is calibrated for best/);
    writeCalibration(run, { ...calibration, score: "mc-dropout", passes: 10 });
    const weights = join(home, "weights.pth");
    expect(refusal({ onnx, pth: weights })).toThrow(/is calibrated by mc-dropout, .* or predict with the run folder$/);
    expect(refusal({ pth: join(home, "taken") })).toThrow("a folder of that name is in the way");
    expect(refusal({ pth: join(home, "gone", "model.pth") })).toThrow("cannot write");
    const other = join(home, "model.safetensors");
    expect(refusal({ safetensors: other, pth: join(home, "gone", "model.pth") })).toThrow("cannot write");
    expect(existsSync(other)).toBe(false);
    writeFileSync(join(run, "calibration.json"), "{}");
    expect(refusal({ onnx })).toThrow("calibration.json was not written by calibrate");
    expect([existsSync(onnx), readdirSync(home)]).toEqual([false, ["taken"]]);
  });
});
