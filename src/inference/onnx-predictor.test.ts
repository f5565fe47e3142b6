import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { calibrationAt, colorModel, featureModel } from "../../test/support/tiny-onnx.js";
import { openPredictor } from "./open-predictor.js";

const folder = temporaryFolder();
const models = folder("models", {
  "colors.onnx": colorModel({ side: 2 }),
  "careful.onnx": colorModel({ side: 2, calibration: calibrationAt(0.9) }),
  "features.onnx": featureModel(),
  "no-classes.onnx": colorModel({ metadata: { "selfadapt.classes": "[]" } }),
  "no-json.onnx": colorModel({ metadata: { "selfadapt.input": "{" } }),
  "bad-calibration.onnx": colorModel({ metadata: { "selfadapt.calibration": '{"score": "energy"}' } }),
  "bad-graph.onnx": colorModel({ side: 2 }).fill(255, 30, 60),
  "text.onnx": "no model at all",
  "empty.onnx": "",
});
const open = (name: string, options = {}) => openPredictor(join(models, name), { threads: 1, ...options });
/** Two by two pixels, each channel of one value. */
const image = (...channels: number[]) => channels.flatMap((value) => [value, value, value, value]);

describe("an exported model", () => {
  it("answers bytes and fractions alike, one class a sample, with the softmax's share as confidence", async () => {
    const predictor = await open("colors.onnx");
    const bytes = await predictor.predict(Uint8Array.from([...image(255, 0, 0), ...image(0, 51, 255)]), 2);
    const floats = await predictor.predict(Float32Array.from([...image(1, 0, 0), ...image(0, 0.2, 1)]), 2);
    expect(floats).toEqual(bytes);
    expect(bytes.map(({ label }) => label)).toEqual(["red", "blue"]);
    expect(bytes[0]?.confidence).toBeCloseTo(Math.exp(4) / (Math.exp(4) + 2), 6);
    expect(bytes[1]?.probabilities[1]).toBeCloseTo(Math.exp(0.8) / (1 + Math.exp(0.8) + Math.exp(4)), 6);
    await predictor.close();
  });

  it("abstains below its own threshold, or below the one given", async () => {
    const batch = Float32Array.from([...image(1, 0, 0), ...image(0, 0.5, 0)]);
    const verdicts = async (name: string, options = {}) => {
      const predictor = await open(name, options);
      return [predictor.threshold, ...(await predictor.predict(batch, 2)).map(({ abstained }) => abstained)];
    };
    expect(await verdicts("colors.onnx")).toEqual([null, false, false]);
    expect(await verdicts("careful.onnx")).toEqual([0.9, false, true]);
    expect(await verdicts("careful.onnx", { threshold: 0.5 })).toEqual([0.5, false, false]);
    expect(await verdicts("careful.onnx", { threshold: 0.99 })).toEqual([0.99, true, true]);
    expect(await verdicts("colors.onnx", { threshold: 0 })).toEqual([0, false, false]);
  });

  it("compares its confidence with a threshold as calibrate does, in float64", async () => {
    const batch = Float32Array.from(image(1, 0.1, 0.3));
    const predictor = await open("colors.onnx");
    const [{ confidence } = { confidence: 0 }] = await predictor.predict(batch, 1);
    const logits = Float32Array.of(4, Math.fround(4 * Math.fround(0.1)), Math.fround(4 * Math.fround(0.3)));
    const sum = logits.reduce((total, logit) => total + Math.exp(logit - 4), 0);
    expect(confidence).toBeCloseTo(1 / sum, 12);
    const [at, above] = [confidence, confidence + 1e-12].map(async (threshold) => {
      const [found] = await (await open("colors.onnx", { threshold })).predict(batch, 1);
      return found?.abstained;
    });
    expect([await at, await above]).toEqual([false, true]);
  });

  it("says what it takes", async () => {
    expect(await open("colors.onnx")).toMatchObject({
      classes: ["red", "green", "blue"],
      input: { kind: "images", channels: 3, height: 2, width: 2 },
      score: "softmax-response",
      calibration: null,
    });
    const features = await open("features.onnx");
    expect(features.input).toEqual({ kind: "features", shape: [3] });
    expect((await features.predict(Float32Array.of(0, 2, 1, -5, -7, -6), 2)).map(({ label }) => label)).toEqual([
      "b",
      "a",
    ]);
    await expect(features.predict(Float32Array.of(0, 2, 1, 1), 2)).rejects.toThrow(
      "4 values for 2 samples of 3: expected 6",
    );
  });

  it.each([
    ["no-classes.onnx", "was not written by export: its metadata selfadapt.classes: "],
    ["no-json.onnx", "selfadapt.input: it is not JSON"],
    ["bad-calibration.onnx", "selfadapt.calibration was not written by calibrate: "],
    ["bad-graph.onnx", "bad-graph.onnx"],
    ["text.onnx", "cannot be read as an ONNX model"],
    ["empty.onnx", "cannot be read as an ONNX model (it holds no graph)"],
    ["gone.onnx", "there is no "],
  ])("%s is refused in one line", async (name, reason) => {
    await expect(open(name)).rejects.toMatchObject({ name: "InputError", message: expect.stringContaining(reason) });
  });

  it("has one checkpoint", async () => {
    await expect(open("colors.onnx", { checkpoint: "best" })).rejects.toThrow("`checkpoint: best` is for run folders");
  });
});
