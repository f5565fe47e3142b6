import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { tinyShapes } from "../../test/support/tiny-run.js";
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
  it("predicts every sample by a network that did not see it, and goes on where it was stopped", async () => {
    const whole = await crossValidate(recipe, { folds: 3, runs: join(folder("whole"), "runs"), dataSet });
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
