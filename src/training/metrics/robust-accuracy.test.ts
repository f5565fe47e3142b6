import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { byMethod, tinyRecipe, tinyShapes } from "../../../test/support/tiny-run.js";
import { readCheckpoint } from "../../runs/checkpoint.js";
import type { RecipeInput } from "../../runs/recipe/schema.js";
import { readMetrics, readRunRecipe, readSummary } from "../../runs/run-folder.js";
import type { TrainingEvent } from "../events.js";
import { train } from "../train.js";

const folder = temporaryFolder();
const perceptron: Partial<RecipeInput> = { ...tinyRecipe, model: "mlp", width: 1, augment: "none", noise: "none" };

/** Trains in a folder of that name and hands it out. */
async function trained(name: string, input: Partial<RecipeInput>): Promise<string> {
  const out = folder(name);
  await train(byMethod({ ...perceptron, ...input }), { dataSet: tinyShapes, out });
  return out;
}

describe("training against attacks", () => {
  it("tells the robust accuracy of every evaluated epoch, which is at most the accuracy, and the last one in the end", async () => {
    const run = await trained("trades", { objective: "trades", epochs: 4, evalEvery: 2, lr: 0.02, epsilon: "4/255" });
    const lines = readMetrics(run);
    expect(lines.map(({ robustAccuracy }) => typeof robustAccuracy)).toEqual([
      "undefined",
      "number",
      "undefined",
      "number",
    ]);
    for (const { robustAccuracy, testAccuracy } of lines) {
      if (typeof robustAccuracy === "number") expect(robustAccuracy).toBeLessThanOrEqual(testAccuracy as number);
    }
    expect(readSummary(run).robustAccuracy).toBe(lines.at(-1)?.robustAccuracy);
    expect(readRunRecipe(run).recipe.epsilon).toBe(4 / 255);
  });

  it("finds no image robust in a radius that takes all of it away, and every right answer in next to none", async () => {
    const narrow = readSummary(await trained("narrow", { objective: "pgd-at", epochs: 2, epsilon: 1e-6 }));
    expect(narrow.testAccuracy).toBeGreaterThan(0);
    expect(narrow.robustAccuracy).toBe(narrow.testAccuracy);
    const wide = readSummary(await trained("wide", { objective: "trades", tradesBeta: 0, epochs: 2, epsilon: 0.5 }));
    expect(wide.robustAccuracy).toBe(0);
  });

  it("attacks no test image where none is asked for, or where the method does not learn from attacks", async () => {
    const plain = await trained("plain-ce", { objective: "ce", epochs: 1 });
    expect(readMetrics(plain)[0]).not.toHaveProperty("robustAccuracy");
    expect(readSummary(plain)).not.toHaveProperty("robustAccuracy");

    const run = await trained("none", { objective: "trades", epochs: 1, robustSamples: 0 });
    expect(readMetrics(run)[0]).not.toHaveProperty("robustAccuracy");
    expect(readSummary(run).robustAccuracy).toBeNull();
  });

  it("shows the network pixels from 0 to 1 unless a normalization is given", async () => {
    const plain = await trained("plain", { objective: "trades", epochs: 1 });
    const given = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] };
    const normalized = await trained("normalized", { objective: "trades", epochs: 1, ...given });
    expect(readRunRecipe(plain).resolved.normalization).toEqual({ mean: [0, 0, 0], std: [1, 1, 1] });
    expect(readRunRecipe(normalized).resolved.normalization).toEqual(given);
    expect(readSummary(normalized).robustAccuracy).toEqual(expect.any(Number));
  });
});

describe("the weights of epochs", () => {
  it("are kept from the given one on, as they were at its end, and can be read alone", async () => {
    const run = await trained("kept", { objective: "ce", keepFrom: 1, emaDecay: 0.9 });
    const kept = readdirSync(join(run, "checkpoint")).filter((name) => name.startsWith("epoch-"));
    expect(kept.sort()).toEqual(["epoch-1", "epoch-2"]);
    const [second, third, last] = [
      readCheckpoint(run, "epoch-1"),
      readCheckpoint(run, "epoch-2"),
      readCheckpoint(run, "last"),
    ];
    expect(third.tensors.model).toEqual(last.tensors.model);
    expect(third.tensors.ema).toEqual(last.tensors.ema);
    expect(second.tensors.model).not.toEqual(third.tensors.model);
    expect([second.progress.epoch, second.tensors.optimizer.size]).toEqual([2, 0]);
    expect(() => readCheckpoint(run, "epoch-0")).toThrow(
      `no checkpoint "epoch-0": it is kept for epochs from \`keepFrom\` on`,
    );
  });

  it("are the same where training was stopped in between", async () => {
    const recipe: Partial<RecipeInput> = { ...perceptron, objective: "trades-sat", keepFrom: 1 };
    const [whole, out] = [await trained("whole", recipe), folder("stopped")];
    const stop = new AbortController();
    let steps = 0;
    const listener = ({ type }: TrainingEvent) => void (type === "step" && ++steps === 7 && stop.abort());
    await train(recipe, { dataSet: tinyShapes, out, listeners: [listener], signal: stop.signal });
    expect(existsSync(join(out, "checkpoint", "epoch-1"))).toBe(false);
    await train({}, { dataSet: tinyShapes, out, resume: true });
    for (const name of ["epoch-1", "epoch-2"] as const) {
      expect(readCheckpoint(out, name).tensors).toEqual(readCheckpoint(whole, name).tensors);
    }
  });

  it("are not kept unless asked for", async () => {
    const run = await trained("unkept", { objective: "ce", epochs: 1 });
    expect(existsSync(join(run, "checkpoint", "epoch-0"))).toBe(false);
  });
});
