import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { crossEntropyRun } from "../../test/support/runs.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { planRuns } from "./planned-runs.js";
import { attacksLeft, attacksOn } from "./study-attacks.js";

const folder = temporaryFolder();
const attack = { name: "autoattack", data: "fresh", limit: 500 };
const [first] = crossEntropyRun.metrics;

/** A trained run whose robust accuracy was highest in epoch 1 of 3, with the weights of some epochs. */
function trained(name: string, kept: readonly number[]) {
  const [run] = planRuns([{ name: "A", slug: "a", seeds: [0], recipe: {} }], [0], folder(name));
  for (const epoch of kept) mkdirSync(join(run!.folder, "checkpoint", `epoch-${epoch}`), { recursive: true });
  mkdirSync(run!.folder, { recursive: true });
  const lines = [0.2, 0.4, 0.3].map((robustAccuracy, epoch) => JSON.stringify({ ...first, epoch, robustAccuracy }));
  writeFileSync(join(run!.folder, "metrics.jsonl"), `${lines.join("\n")}\n`);
  return run!;
}

/** Writes the result of an attack after an epoch. */
function attacked(run: string, epoch: number, samples = 500): void {
  const into = join(run, "attacks", `autoattack-epoch-${epoch}`);
  mkdirSync(into, { recursive: true });
  const figures = {
    attack: "autoattack",
    epoch,
    samples,
    limit: 500,
    naturalAccuracy: 0.5,
    robustAccuracy: 0.25,
    gallery: [],
  };
  writeFileSync(join(into, "results.json"), JSON.stringify(figures));
}

describe("the attack of a study", () => {
  it("is on the last epoch and on the most robust one, each until it is done", () => {
    const run = trained("both", [0, 1, 2]);
    const words = (epoch: number, checkpoint: string) =>
      `attack ${run.folder} --attack autoattack --checkpoint ${checkpoint} --data fresh --limit 500 --out ${join(run.folder, "attacks", `autoattack-epoch-${epoch}`)}`;
    expect(attacksLeft(run, attack).map((one) => one.join(" "))).toEqual([words(2, "last"), words(1, "1")]);
    attacked(run.folder, 2);
    expect(attacksLeft(run, attack).map((one) => one.join(" "))).toEqual([words(1, "1")]);
    attacked(run.folder, 1);
    expect(attacksLeft(run, attack)).toEqual([]);
    expect(attacksOn(run.folder)).toHaveLength(2);
    expect(attacksOn(run.folder)[0]).toEqual({
      attack: "autoattack",
      epoch: 1,
      samples: 500,
      naturalAccuracy: 0.5,
      robustAccuracy: 0.25,
    });
  });

  it("is done on a test set that has fewer images than it may take", () => {
    const run = trained("few", [2]);
    attacked(run.folder, 2, 300);
    expect(attacksLeft(run, attack)).toEqual([]);
  });

  it("is on the last epoch alone where the weights of the most robust one were not kept", () => {
    expect(attacksLeft(trained("last", [2]), attack)).toHaveLength(1);
  });

  it("is resumed where it was stopped, and is none in a study without one", () => {
    const run = trained("stopped", []);
    const state = join(run.folder, "attacks", "autoattack-epoch-2", "state");
    mkdirSync(state, { recursive: true });
    writeFileSync(join(state, "state.json"), "{}");
    expect(attacksLeft(run, attack)[0]?.at(-1)).toBe("--resume");
    expect(attacksLeft(run, undefined)).toEqual([]);
  });
});
