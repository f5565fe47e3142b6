// A run may be resumed by another number of processes than it had before.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseNpy } from "../src/data/index.js";
import { createModel } from "../src/models/index.js";
import { distributed, manualSeed } from "../src/torch/index.js";
import { train } from "../src/training/index.js";
import { expectAllClose } from "./support/all-close.js";
import { type Recipes, trainInRanks } from "./support/ranks.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { byMethod } from "./support/tiny-run.js";

const folder = temporaryFolder();
// Without batch norm, so that a sample's outputs do not depend on its share.
const linear = { features: 3 * 16 * 16, hidden: [], classes: 10 };
const base = {
  data: "shapes:train=43,test=8,size=16,seed=0",
  epochs: 3,
  batchSize: 16,
  lr: 0.01,
  schedule: "constant",
  startEpoch: 1,
  targetMomentum: 0.7,
  precision: "fp32",
} as const;
const recipes = Object.fromEntries(["sat", "elr"].map((objective) => [objective, byMethod({ ...base, objective })]));

const lossesOf = (run: string): number[] =>
  readFileSync(join(run, "metrics.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).trainLoss);

async function trainAlone(run: string, recipe: object, resume = false): Promise<void> {
  manualSeed(0);
  await train(recipe, { out: run, resume, model: createModel("mlp", linear) });
}

/** The sittings of every method, each to one epoch more than the one before. */
const sitting = (names: string, epochs: number, resume = true): Recipes =>
  Object.fromEntries(
    Object.entries(recipes).map(([name, recipe]) => [
      `${name}-${names}`,
      { ...(resume ? {} : recipe), epochs, resume, linear },
    ]),
  );

describe.skipIf(!distributed.hasGloo())("a run that is resumed", () => {
  test("by three processes after one, or after two and then one, ends as the uninterrupted one", async () => {
    const cwd = folder("runs");
    expect(await trainInRanks(cwd, 2, () => sitting("2-1-3", 1, false))).toBe("");
    for (const [name, recipe] of Object.entries(recipes)) {
      await trainAlone(join(cwd, `${name}-2-1-3`), { epochs: 2 }, true);
      await trainAlone(join(cwd, `${name}-1-3`), { ...recipe, epochs: 1 });
      await trainAlone(join(cwd, `${name}-alone`), recipe);
    }
    const last = { ...sitting("1-3", 3), ...sitting("2-1-3", 3) };
    expect(await trainInRanks(cwd, 3, () => last)).toBe("");
    for (const run of Object.keys(last)) {
      const [resumed, alone] = [join(cwd, run), join(cwd, `${run.split("-")[0]}-alone`)];
      expectAllClose(lossesOf(resumed), lossesOf(alone), { rtol: 1e-5 });
      const [own, expected] = [resumed, alone].map((path) => parseNpy(readFileSync(join(path, "targets.npy"))).data);
      expectAllClose(own as Float32Array, expected as Float32Array, { rtol: 0, atol: 1e-5 });
    }
  });
});
