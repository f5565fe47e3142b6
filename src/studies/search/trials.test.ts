import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { hasReached, heldOutAccuracy, planTrials, runsTo, scoreOf } from "./trials.js";

const folder = temporaryFolder();
const rowOf = (recipe: object) => ({
  name: "trial 1",
  slug: "trial-1",
  recipe: { data: "d", epochs: 9, ...recipe },
  seeds: [0],
});
const resolved = {
  format: "arrays",
  classes: ["a", "b"],
  sampleShape: [4],
  trainSize: 8,
  normalization: { mean: [0], std: [1] },
  fingerprint: "0",
  labelsFingerprint: "0",
  threads: 1,
  kernels: "stock",
  versions: { selfadapt: "0", libtorch: "0", node: "0" },
};

/** A run of so many epochs, with the held-out accuracy of each, as it is on disk. */
function writeRun(run: string, epochs: number, accuracies: readonly (number | null)[], finished: boolean): void {
  mkdirSync(run, { recursive: true });
  writeFileSync(join(run, "recipe.yaml"), stringify({ data: "d", epochs, resolved }));
  const lines = accuracies.map((validationAccuracy, epoch) => JSON.stringify({ epoch, validationAccuracy }));
  writeFileSync(join(run, "metrics.jsonl"), lines.map((line) => `${line}\n`).join(""));
  if (finished) writeFileSync(join(run, "summary.json"), "{}");
}

describe("a trial of a search", () => {
  it("has come as far as its run was finished, or was extended since", () => {
    const [trial] = planTrials([rowOf({})], [0], folder("reached"));
    const [run] = runsTo(trial!, 3);
    expect(run!.recipe.epochs).toBe(3);
    expect(hasReached(run!, 3)).toBe(false);
    writeRun(run!.folder, 3, [0.1, 0.2], false);
    expect(hasReached(run!, 3)).toBe(false);
    writeRun(run!.folder, 3, [0.1, 0.2, 0.3], true);
    expect([1, 3, 9].map((epochs) => hasReached(run!, epochs))).toEqual([true, true, false]);
    // Ended by its patience.
    writeRun(run!.folder, 3, [0.1, 0.2], true);
    expect(hasReached(run!, 9)).toBe(true);
    expect(heldOutAccuracy(run!, 9)).toBe(0.2);
  });

  it("is compared by the last evaluated of so many epochs, and by the mean of its seeds", () => {
    const [trial] = planTrials([rowOf({})], [0, 1], folder("scored"));
    const [first, second] = trial!.runs;
    writeRun(first!.folder, 9, [0.1, 0.5, null, 0.9], false);
    expect([1, 2, 3, 4].map((epochs) => heldOutAccuracy(first!, epochs))).toEqual([0.1, 0.5, 0.5, 0.9]);
    expect(scoreOf(trial!, 3)).toBeNull();
    writeRun(second!.folder, 3, [0.1, 0.3, 0.25], true);
    expect(scoreOf(trial!, 3)).toBe(0.375);
  });

  it("is refused where it trains without labels, or its folder holds another draw", () => {
    expect(() => planTrials([rowOf({ objective: "simsiam" })], [0], folder("none"))).toThrow(
      "trial 1: a search compares accuracies on labels; received `objective: simsiam`, which trains without them",
    );
    const out = folder("other");
    const [trial] = planTrials([rowOf({ lr: 0.1 })], [0], out);
    const run = trial!.runs[0]!.folder;
    writeRun(run, 3, [], false);
    writeFileSync(`${run}.yaml`, stringify({ data: "elsewhere", epochs: 3, lr: 0.1, seed: 0 }));
    expect(planTrials([rowOf({ lr: 0.1 })], [0], out)).toHaveLength(1);
    expect(() => planTrials([rowOf({ lr: 0.2 })], [0], out)).toThrow(/holds a run with lr 0.1; received lr 0.2/);
  });
});
