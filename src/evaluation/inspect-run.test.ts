import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { byMethod, tinyRecipe, tinyShapes } from "../../test/support/tiny-run.js";
import { parseNpy, shapesDataSet } from "../data/index.js";
import type { RunInspection } from "../issues/evidence.js";
import { confidenceBy, correctness, errorAtCoverage, reliabilityBins, softmaxResponse } from "../metrics/index.js";
import { liveTensors } from "../torch/index.js";
import { readSafetensors } from "../torch/serialization/index.js";
import { type TrainResult, train } from "../training/train.js";
import { inspectRun } from "./inspect-run.js";

const folder = temporaryFolder();
const dataSet = tinyShapes;
const out = join(folder("runs"), "sat");
let trained: TrainResult;
let inspection: RunInspection;

beforeAll(async () => {
  trained = await train({ ...tinyRecipe, valFraction: 0.2, emaDecay: 0.5 }, { out, dataSet });
  inspection = await inspectRun(out, { dataSet });
});

/** The head of the averaged weights, applied by a plain loop. */
function plainLogits({ features, featureSize }: RunInspection): number[] {
  const file = join(out, "checkpoint", "last", "ema.safetensors");
  const { tensors } = readSafetensors(new Uint8Array(readFileSync(file)), file);
  const valuesOf = (name: string) => {
    const bytes = tensors.get(name)!.bytes.slice();
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  };
  const [weight, bias] = [valuesOf("linear.weight"), valuesOf("linear.bias")];
  return [...dataSet.train.labels.keys()].flatMap((i) =>
    Array.from(bias, (value, j) => {
      let sum = value;
      for (let k = 0; k < featureSize; k++) sum += features[i * featureSize + k]! * weight[j * featureSize + k]!;
      return sum;
    }),
  );
}

describe("a run inspected", () => {
  it("answers every record, its features times the averaged head being its logits", () => {
    expect(inspection.featureSize).toBe(32);
    expect(inspection.features).toHaveLength(60 * 32);
    expectAllClose(inspection.logits, plainLogits(inspection), { rtol: 1e-3, atol: 1e-4 });
  });

  it("answers the test set as the run's summary says", () => {
    const { logits, labels } = inspection.test!;
    const right = [...labels].filter((label, i) => {
      const row = logits.subarray(10 * i, 10 * (i + 1));
      return row.indexOf(Math.max(...row)) === label;
    });
    expect(right.length / labels.length).toBe(trained.summary!.testAccuracy);
  });

  it("hands out all that a network which abstains puts out, its classes' logits apart", async () => {
    const run = join(folder("runs"), "abstains");
    const recipe = byMethod({ ...tinyRecipe, objective: "sat-selective", epochs: 1 });
    const { prepared, summary } = await train(recipe, { out: run, dataSet });
    const { test, logits } = await inspectRun(run, { prepared });
    const { outputs, logits: ofClasses, labels, samples } = test!;
    expect([outputs.length, ofClasses.length, logits.length]).toEqual([20 * 11, 20 * 10, 60 * 10]);
    expect(ofClasses).toEqual(outputs.filter((_, i) => i % 11 < 10));
    expect(samples).toBe(prepared.test);
    expect(labels).toEqual(prepared.test!.labels);
    const abstention = confidenceBy("abstention", outputs, 20, 10);
    const right = correctness(ofClasses, labels);
    expect(errorAtCoverage(abstention, right)).toEqual(summary!.scores!.abstention!.errorAtCoverage);
    const bins = reliabilityBins(softmaxResponse(ofClasses, 20), right);
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(20);
  });

  it("hands out the labels that were trained on, the targets, and a record an epoch", () => {
    const { data } = parseNpy(new Uint8Array(readFileSync(join(out, "targets.npy"))));
    expect(inspection.targets).toEqual(data);
    expect(inspection.train.labels).toEqual(trained.prepared.train.labels);
    expect(inspection.trainIndices).toEqual(trained.prepared.trainIndices);
    expect(inspection.epochs).toBe(3);
    expect([...inspection.records()].map(({ length }) => length)).toEqual([180, 180, 180]);
  });

  it("needs no data read again where it is given what train prepared, and leaves no tensors", async () => {
    const before = liveTensors();
    const { logits } = await inspectRun(out, { prepared: trained.prepared });
    expect(logits).toEqual(inspection.logits);
    expect(liveTensors()).toBe(before);
  });

  it("has no targets where the method has none", async () => {
    const run = join(folder("runs"), "ce");
    const { prepared } = await train(byMethod({ ...tinyRecipe, objective: "ce", epochs: 1 }), { out: run, dataSet });
    expect((await inspectRun(run, { prepared })).targets).toBeNull();
  });

  it("can be a run that was stopped", async () => {
    const run = join(folder("runs"), "stopped");
    const stop = new AbortController();
    const listeners = [(event: { type: string }) => event.type === "epoch" && stop.abort()];
    const { summary, prepared } = await train(tinyRecipe, { out: run, dataSet, signal: stop.signal, listeners });
    expect(summary).toBeNull();
    const { epochs, targets } = await inspectRun(run, { prepared });
    expect(epochs).toBe(1);
    expect(targets).toHaveLength(600);
  });

  it("is refused with other data, without record, and without a checkpoint", async () => {
    const other = shapesDataSet({ train: 60, test: 20, size: 16, seed: 4 });
    await expect(inspectRun(out, { dataSet: other })).rejects.toThrow(
      /^inspecting the run: the data's fingerprint: received \w{16}; the run in .* was started with \w{16}$/,
    );
    const run = join(folder("runs"), "bare");
    const { prepared } = await train({ ...tinyRecipe, epochs: 1 }, { out: run, dataSet });
    rmSync(join(run, "checkpoint"), { recursive: true });
    await expect(inspectRun(run, { prepared })).rejects.toThrow(/has no checkpoint/);
    rmSync(join(run, "record"), { recursive: true });
    await expect(inspectRun(run, { prepared })).rejects.toThrow(/has no sample history/);
  });
});
