import { readFileSync, rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { linesOf, readNotes, type StepLine, stepsFile, truncateSteps } from "../runs/files/step-files.js";
import type { TrainingEvent } from "./events.js";
import { runLog } from "./run-log.js";

const folder = temporaryFolder();
const start = (epochs: number, stepsPerEpoch: number) =>
  ({ type: "start", epochs, stepsPerEpoch }) as unknown as TrainingEvent;
const step = (epoch: number, at: number): TrainingEvent => ({
  type: "step",
  epoch,
  step: at,
  loss: epoch + at / 1000,
  samples: 10,
  seconds: 0.5,
});
const stepsOf = (run: string) => linesOf<StepLine>(readFileSync(stepsFile(run), "utf8"));

/** A run of epochs of 100 steps each. */
function logged(run: string, epochs: number): StepLine[] {
  const log = runLog(run);
  log(start(epochs, 100));
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let at = 0; at < 100; at++) log(step(epoch, at));
    log({ type: "saved", epoch: epoch + 1, step: 0 });
  }
  return stepsOf(run);
}

describe("steps.jsonl", () => {
  it("has every step of a short run, and a few thousand of a long one, evenly spread", () => {
    expect(logged(folder("short"), 2)).toHaveLength(200);
    const lines = logged(folder("long"), 1234);
    expect(lines.length).toBeGreaterThan(3900);
    expect(lines.length).toBeLessThanOrEqual(4000);
    const gaps = lines.slice(1).map((line, i) => (line.epoch - lines[i]!.epoch) * 100 + line.step - lines[i]!.step);
    expect(new Set(gaps)).toEqual(new Set([31]));
    expect(lines[5]).toEqual({ epoch: 1, step: 55, loss: 1.055, imagesPerSecond: 20 });
  });

  it("loses the steps that are trained again, and a torn line", () => {
    const run = folder("resumed");
    logged(run, 3);
    truncateSteps(run, 1, 20);
    expect(stepsOf(run)).toHaveLength(120);
    expect(stepsOf(run).at(-1)).toMatchObject({ epoch: 1, step: 19 });
  });

  it("that cannot be written does not stop training", () => {
    const run = folder("gone");
    const log = runLog(run);
    log(start(1, 10));
    rmSync(run, { recursive: true });
    for (let at = 0; at < 10; at++) log(step(0, at));
    expect(() => log({ type: "note", text: "a note" })).not.toThrow();
    expect(readNotes(run)).toEqual([]);
  });
});

it("notes.jsonl has the notes of a run and the error that ended it, each once", () => {
  const run = folder("notes");
  const log = runLog(run);
  log({ type: "note", text: "memorization begins" });
  log({ type: "note", text: "memorization begins" });
  log({ type: "failed", message: "the loss is NaN" });
  expect(readNotes(run).map(({ level, text }) => [level, text])).toEqual([
    ["info", "memorization begins"],
    ["error", "the loss is NaN"],
  ]);
});
