import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { photos } from "../../test/support/small-data.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { tinyShapes } from "../../test/support/tiny-run.js";
import { parseNpy, writeNpy } from "../data/index.js";
import { readMetrics } from "../runs/index.js";
import { crossValidate } from "./cross-validate.js";

const folder = temporaryFolder();
const recipe = {
  objective: "ce",
  model: "resnet18",
  width: 4,
  epochs: 2,
  batchSize: 10,
  device: "cpu",
  seed: 5,
} as const;
const dataSet = tinyShapes;

describe("cross-validation", () => {
  it("ends folds by their patience", async () => {
    const runs = join(folder("impatient"), "runs");
    const impatient = { ...recipe, epochs: 6, lr: 1e-9, valFraction: 0.3, patience: 1 };
    await crossValidate(impatient, { folds: 2, runs, dataSet });
    expect(readMetrics(join(runs, "fold-0")).length).toBeLessThan(6);
    const watchless = crossValidate(
      { ...recipe, patience: 1 },
      { folds: 2, runs: join(folder("none"), "runs"), dataSet },
    );
    await expect(watchless).rejects.toThrow("`patience: 1` watches a validation part, which each fold holds out");
  });

  it("predicts every sample by a network that did not see it, and goes on where it was stopped", async () => {
    const wholeRuns = join(folder("whole"), "runs");
    const whole = await crossValidate(recipe, { folds: 3, runs: wholeRuns, dataSet });
    const { probabilities, folds, labels, accuracy } = whole!;
    expect([labels.length, folds.length, probabilities.length]).toEqual([60, 60, 600]);
    for (let i = 0; i < 60; i++) {
      const row = probabilities.subarray(10 * i, 10 * i + 10);
      expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    }
    const right = [...labels].filter((label, i) => {
      const row = probabilities.subarray(10 * i, 10 * i + 10);
      return row.indexOf(Math.max(...row)) === label;
    });
    expect(accuracy).toBeCloseTo(right.length / 60, 9);

    const trainedOn = [0, 1, 2].map((fold) => {
      const file = join(wholeRuns, `fold-${fold}`, "record", "0000.npy");
      return parseNpy(new Uint8Array(readFileSync(file))).shape[0];
    });
    expect(trainedOn).toEqual([0, 1, 2].map((fold) => 60 - folds.filter((own) => own === fold).length));

    const runs = join(folder("stopped"), "runs");
    const stop = new AbortController();
    const stopped = await crossValidate(recipe, {
      folds: 3,
      runs,
      dataSet,
      signal: stop.signal,
      listeners: [({ type }) => type === "epoch" && existsSync(join(runs, "fold-1")) && stop.abort()],
    });
    expect(stopped).toBeNull();
    expect(existsSync(join(runs, "fold-2"))).toBe(false);
    const begun: number[] = [];
    const resumed = await crossValidate(recipe, { folds: 3, runs, dataSet, onFold: (fold) => begun.push(fold) });
    expect(begun).toEqual([0, 1, 2]);
    expect(resumed).toEqual(whole);
    await expect(crossValidate({ ...recipe, lr: 0.5 }, { folds: 3, runs, dataSet })).rejects.toThrow(
      /fold-0 was trained with lr .*; received lr 0\.5: expected the same recipe, or another/,
    );
    await expect(crossValidate(recipe, { folds: 4, runs, dataSet })).rejects.toThrow(
      /fold-0 was trained on \d+ samples, this fold has \d+: expected the same data and number of folds, or another/,
    );
  });

  it("gives images that cannot be decoded equal probabilities, and leaves them out of the accuracy", async () => {
    const pictures = await photos(["cat", "dog"], { each: 6 });
    const data = folder("broken", { ...pictures, "cat/2.png": "not a picture" });
    const streamed = { ...recipe, data, stream: "always", imageSize: 16, epochs: 1, batchSize: 3 } as const;
    const found = await crossValidate(streamed, { folds: 2, runs: join(folder("broken runs"), "runs") });
    const broken = found!.files!.findIndex((file) => file.endsWith("cat/2.png"));
    expect([...found!.probabilities.subarray(2 * broken, 2 * broken + 2)]).toEqual([0.5, 0.5]);
    expect(found!.accuracy * 11).toBeCloseTo(Math.round(found!.accuracy * 11), 6);
    expect(found!.probabilities.every(Number.isFinite)).toBe(true);
  });

  it("keeps the targets of confirmed samples, in the folds that train on them", async () => {
    const confirmed = [0, 7, 30, 59];
    const label = (dataSet.train.labels[0]! + 1) % 10;
    const rows = confirmed.map((i) => `${i},${dataSet.classes[i === 0 ? label : dataSet.train.labels[i]!]}`);
    const pinned = join(folder("pinned", { "pinned.csv": `index,label\n${rows.join("\n")}\n` }), "pinned.csv");
    const runs = join(folder("pinned runs"), "runs");
    const moving = { ...recipe, objective: "sat", startEpoch: 0, targetMomentum: 0.5, pinned } as const;
    const { folds, labels } = (await crossValidate(moving, { folds: 2, runs, dataSet }))!;
    expect(labels[0]).toBe(label);
    for (const fold of [0, 1]) {
      const { data, shape } = parseNpy(new Uint8Array(readFileSync(join(runs, `fold-${fold}`, "targets.npy"))));
      const trained = [...folds.keys()].filter((i) => folds[i] !== fold);
      expect(shape).toEqual([trained.length, 10]);
      const still = trained.filter((i, row) => data[10 * row + labels[i]!] === 1);
      expect(still).toEqual(confirmed.filter((i) => trained.includes(i)));
    }
  });

  it("trains no fold on samples that the file of labels leaves out, and gives them no label", async () => {
    const labels = Int32Array.from(dataSet.train.labels, (label, i) => (i % 10 === 3 ? -1 : label));
    const file = join(folder("left out", { "labels.npy": writeNpy(labels) }), "labels.npy");
    const runs = join(folder("left out runs"), "runs");
    const found = (await crossValidate({ ...recipe, epochs: 1, labels: file }, { folds: 2, runs, dataSet }))!;
    expect([...found.labels]).toEqual([...labels]);
    const right = [...labels].filter((label, i) => {
      const row = found.probabilities.subarray(10 * i, 10 * i + 10);
      return label >= 0 && row.indexOf(Math.max(...row)) === label;
    });
    expect(found.accuracy).toBeCloseTo(right.length / labels.filter((label) => label >= 0).length, 9);
    const { folds } = found;
    for (const fold of [0, 1]) {
      const { shape } = parseNpy(new Uint8Array(readFileSync(join(runs, `fold-${fold}`, "record", "0000.npy"))));
      expect(shape[0]).toBe([...folds.keys()].filter((i) => folds[i] !== fold && labels[i]! >= 0).length);
    }
  });

  it("refuses folds of other data", async () => {
    const runs = join(folder("other"), "runs");
    await crossValidate({ ...recipe, epochs: 1 }, { folds: 2, runs, dataSet });
    const labels = dataSet.train.labels.map((label) => (label + 1) % 10);
    const other = { ...dataSet, train: { ...dataSet.train, labels } };
    await expect(crossValidate({ ...recipe, epochs: 1 }, { folds: 2, runs, dataSet: other })).rejects.toThrow(
      "fingerprint",
    );
  });
});
