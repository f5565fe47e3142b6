// A run that gets more epochs than it began with.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type TrainingEvent, train } from "../src/index.js";
import { readMetrics, readRunRecipe, readSummary } from "../src/runs/index.js";
import type { Tensor } from "../src/torch/index.js";
import { drawn, perceptron } from "./support/detection.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { byMethod, outcomeOf, tinyRecipe, tinyShapes } from "./support/tiny-run.js";

const folder = temporaryFolder();
const dataSet = tinyShapes;
const constant = { ...tinyRecipe, schedule: "constant" } as const;

async function extend(out: string, epochs: number): Promise<string[]> {
  const notes: string[] = [];
  const listener = (event: TrainingEvent) => void (event.type === "note" && notes.push(event.text));
  await train({ epochs }, { out, resume: true, dataSet, listeners: [listener] });
  return notes;
}

describe("a finished run", () => {
  it("goes on to more epochs: where the rate does not depend on their number, to where it would have been", async () => {
    const [whole, extended] = [folder("whole"), folder("extended")];
    await train({ ...constant, epochs: 3 }, { out: whole, dataSet });
    await train({ ...constant, epochs: 2 }, { out: extended, dataSet });
    writeFileSync(join(extended, "calibration.json"), "{}");
    const notes = await extend(extended, 3);
    expect(notes).toContain(
      "extended from 2 to 3 epochs: the constant schedule is now that of 3 epochs, so the result differs from a single run of 3 epochs",
    );
    expect(outcomeOf(extended)).toEqual(outcomeOf(whole));
    expect(readRunRecipe(extended).recipe.epochs).toBe(3);
    expect(existsSync(join(extended, "calibration.json"))).toBe(false);
  });

  it("takes the schedule of the new number from there on", async () => {
    const out = folder("cosine");
    await train({ ...tinyRecipe, epochs: 2 }, { out, dataSet });
    await extend(out, 4);
    const rates = readMetrics(out).map(({ lr }) => lr);
    const cosine = (epoch: number, epochs: number) => (0.1 * (1 + Math.cos((Math.PI * epoch) / epochs))) / 2;
    [cosine(0, 2), cosine(1, 2), cosine(2, 4), cosine(3, 4)].forEach((lr, epoch) => {
      expect(rates[epoch]).toBeCloseTo(lr, 12);
    });
    expect(readSummary(out).epochs).toBe(4);
  });

  it("with as many epochs stays as it is; with fewer it is refused", async () => {
    const out = folder("same");
    await train({ ...tinyRecipe, epochs: 2 }, { out, dataSet });
    const before = outcomeOf(out);
    expect((await extend(out, 2)).join()).not.toContain("extended");
    expect(outcomeOf(out)).toEqual(before);
    await expect(extend(out, 1)).rejects.toThrow(
      "`epochs`: received 1; the run has 2: expected that number or a larger one",
    );
    expect(readFileSync(join(out, "recipe.yaml"), "utf8")).toContain("epochs: 2\n");
  });

  it("is as it was where it cannot be resumed", async () => {
    const out = folder("refused");
    const loss = (outputs: Tensor) => outputs.square().mean();
    await train({ model: "mlp", width: 1, epochs: 2, batchSize: 12 }, { out, dataSet, objective: { loss } });
    const before = outcomeOf(out);
    await expect(extend(out, 3)).rejects.toThrow("objective is custom");
    expect(outcomeOf(out)).toEqual(before);
    expect(readRunRecipe(out).recipe.epochs).toBe(2);
  });

  it("keeps the start of targets that have started, which is by its first number of epochs where few samples are held out", async () => {
    const out = folder("started");
    await train(byMethod({ ...constant, objective: "forward", startEpoch: "auto", epochs: 4 }), { out, dataSet });
    expect(readSummary(out).startEpoch).toBe(2);
    await extend(out, 9);
    expect(readSummary(out).startEpoch).toBe(2);
  });

  it("looks for a start again where targets never started, by samples that were not trained on", async () => {
    const out = folder("never started");
    const notes: string[] = [];
    const listener = (event: TrainingEvent) => void (event.type === "note" && notes.push(event.text));
    const detected = { ...perceptron, valFraction: 0.2, epochs: 3, lr: 1e-4 };
    await train(detected, { out, dataSet: drawn, listeners: [listener] });
    const never = "targets stay at the labels";
    expect([notes.filter((text) => text.includes(never)).length, readSummary(out).startEpoch]).toEqual([1, null]);
    const later: string[] = [];
    const record = (event: TrainingEvent) => void (event.type === "note" && later.push(event.text));
    await train({ epochs: 6 }, { out, resume: true, dataSet: drawn, listeners: [record] });
    expect(later.filter((text) => text.includes(never))).toHaveLength(1);
  });

  it("that its patience ended is as it was", async () => {
    const out = folder("impatient");
    await train({ ...constant, valFraction: 0.3, patience: 1, lr: 1e-9, epochs: 9 }, { out, dataSet });
    const before = outcomeOf(out);
    await expect(extend(out, 12)).rejects.toThrow(/was ended by `patience: 1` after epoch \d; expected a new run/);
    expect(outcomeOf(out)).toEqual(before);
    expect(readRunRecipe(out).recipe.epochs).toBe(9);
  });

  it("that was stopped while it was extended goes on to the new number", async () => {
    const [whole, out] = [folder("whole again"), folder("interrupted")];
    await train({ ...constant, epochs: 4 }, { out: whole, dataSet });
    await train({ ...constant, epochs: 2 }, { out, dataSet });
    const controller = new AbortController();
    const stop = ({ type }: TrainingEvent) => type === "step" && controller.abort();
    await train({ epochs: 4 }, { out, resume: true, dataSet, listeners: [stop], signal: controller.signal });
    await train({}, { out, resume: true, dataSet });
    expect(outcomeOf(out)).toEqual(outcomeOf(whole));
    rmSync(out, { recursive: true });
  });
});
