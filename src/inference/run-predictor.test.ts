// A run folder and the model exported from it give the same answers.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { calibrationAt } from "../../test/support/tiny-onnx.js";
import { byMethod, tinyRecipe, tinyShapes } from "../../test/support/tiny-run.js";
import type { DataSet } from "../data/index.js";
import { exportRun } from "../export/index.js";
import { type Calibration, writeCalibration } from "../runs/files/calibration.js";
import { liveTensors } from "../torch/index.js";
import { train } from "../training/index.js";
import { openPredictor } from "./open-predictor.js";
import type { Prediction } from "./predictor.js";
import type { PredictorOptions } from "./predictor-options.js";

const folder = temporaryFolder();
const images = join(folder("runs"), "images");
const arrays = join(folder("runs"), "arrays");
const pixels = tinyShapes.train.values as Uint8Array;
const samples = 20;
const batch = pixels.subarray(0, samples * 3 * 16 * 16);
const rows = Float32Array.from({ length: 60 * 5 }, (_, i) => 30 * Math.sin(i * i));

const rowsData: DataSet = {
  format: "arrays",
  classes: ["even", "odd"],
  train: { values: rows, shape: [5], labels: Int32Array.from({ length: 60 }, (_, i) => i % 2) },
  test: null,
  notes: [],
};

beforeAll(async () => {
  const selective = byMethod({ ...tinyRecipe, objective: "sat-selective", epochs: 2, valFraction: 0.2 } as const);
  await train(selective, { out: images, dataSet: tinyShapes });
  await train({ data: "rows", model: "mlp", width: 8, epochs: 1, batchSize: 12 }, { out: arrays, dataSet: rowsData });
});

function calibrate(run: string, calibration: Calibration | null): void {
  rmSync(join(run, "calibration.json"), { force: true });
  if (calibration !== null) writeCalibration(run, calibration);
}

async function answers(path: string, values: Float32Array | Uint8Array, count: number, options: PredictorOptions = {}) {
  const predictor = await openPredictor(path, { threads: 1, ...options });
  const predictions = await predictor.predict(values, count);
  await predictor.close();
  return predictions;
}

/** The largest difference of confidences and probabilities. */
function largestDifference(ours: readonly Prediction[], theirs: readonly Prediction[]): number {
  const differences = ours.flatMap(({ confidence, probabilities }, i) => [
    Math.abs(confidence - theirs[i]!.confidence),
    ...Array.from(probabilities, (probability, j) => Math.abs(probability - theirs[i]!.probabilities[j]!)),
  ]);
  return Math.max(...differences);
}

describe("a run folder and its exported model", () => {
  it("refuse a sample for which they compute NaN, where the label would mean nothing", async () => {
    const onnx = join(arrays, "model.onnx");
    exportRun(arrays, { onnx });
    const broken = Float32Array.of(1, 2, Number.NaN, 4, 5);
    for (const path of [arrays, onnx]) {
      await expect(answers(path, broken, 1)).rejects.toThrow(
        "the model returned NaN for a sample; expected finite numbers",
      );
    }
  });

  it.each([
    ["uncalibrated, by the score that was trained", null],
    ["by entropy at a temperature", { ...calibrationAt(-0.7), score: "entropy", temperature: 1.7 }],
    ["by energy", { ...calibrationAt(0.3), score: "energy" }],
  ] as const)("agree %s", async (_, calibration) => {
    calibrate(images, calibration);
    const onnx = join(images, "model.onnx");
    exportRun(images, { onnx });
    const [ours, theirs] = await Promise.all([answers(images, batch, samples), answers(onnx, batch, samples)]);
    expect(largestDifference(ours, theirs)).toBeLessThan(1e-4);
    expect(ours.map(({ label }) => label)).toEqual(theirs.map(({ label }) => label));
    const threshold = calibration?.threshold ?? Number.NEGATIVE_INFINITY;
    for (const [i, { confidence, abstained }] of ours.entries()) {
      expect(abstained).toBe(confidence < threshold);
      if (Math.abs(confidence - threshold) > 1e-4) expect(theirs[i]?.abstained).toBe(abstained);
    }
  });

  it("agree on arrays of values", async () => {
    const onnx = join(arrays, "model.onnx");
    exportRun(arrays, { onnx });
    const values = rows.subarray(0, 5 * samples);
    const [ours, theirs] = await Promise.all([answers(arrays, values, samples), answers(onnx, values, samples)]);
    expect(largestDifference(ours, theirs)).toBeLessThan(1e-4);
    expect(ours.map(({ label }) => label)).toEqual(theirs.map(({ label }) => label));
  });
});

describe("a run folder", () => {
  it("answers bytes and fractions of 1 alike, and a sample alone as among others", async () => {
    calibrate(images, null);
    const fractions = Float32Array.from(batch, (byte) => byte / 255);
    const whole = await answers(images, batch, samples);
    expect(largestDifference(whole, await answers(images, fractions, samples))).toBeLessThan(1e-5);
    const first = await answers(images, batch.subarray(0, 3 * 16 * 16), 1);
    expect(largestDifference(first, whole.slice(0, 1))).toBeLessThan(1e-5);
  });

  it("uses MC dropout if it was calibrated with it", async () => {
    calibrate(images, { ...calibrationAt(0.5), score: "mc-dropout", passes: 8 });
    const [one, again] = [await answers(images, batch, samples), await answers(images, batch, samples)];
    expect(again).toEqual(one);
    for (const { confidence, probabilities } of one) {
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThanOrEqual(1);
      expect(confidence).not.toBe(Math.max(...probabilities));
    }
  });

  it("does not lend one checkpoint's threshold to another", async () => {
    calibrate(images, { ...calibrationAt(0.5), checkpoint: "best" });
    await expect(answers(images, batch, samples, { checkpoint: "last" })).rejects.toThrow(
      'was calibrated with its checkpoint "best", not with "last"; calibrate that, give a `threshold`',
    );
    const chosen = await openPredictor(images, { threads: 1 });
    expect([chosen.threshold, chosen.score]).toEqual([0.5, "softmax-response"]);
    await chosen.close();
    const other = await openPredictor(images, { threads: 1, checkpoint: "last", threshold: 0.25 });
    expect([other.threshold, other.score]).toEqual([0.25, "abstention"]);
    await other.close();
    await expect(answers(images, batch, samples, { checkpoint: "lats" as "last" })).rejects.toThrow('received "lats"');
  });

  it("gives its tensors back", async () => {
    calibrate(images, null);
    const before = liveTensors();
    await answers(images, batch, samples);
    expect(liveTensors()).toBe(before);
  });

  it("must be one", async () => {
    const empty = join(folder("empty"), "run");
    mkdirSync(empty);
    await expect(openPredictor(empty)).rejects.toThrow("is not a run folder");
  });
});
