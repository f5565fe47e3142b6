// How long a run in progress still takes.
import { join } from "node:path";
import { linesOf, type StepLine, stepsFile } from "../../../runs/files/step-files.js";
import type { EpochMetrics } from "../../../runs/index.js";
import { lastLine } from "../runs/last-line.js";

interface Size {
  readonly epochs: number;
  /** Samples of an epoch. */
  readonly trainSize: number;
  readonly batchSize: number;
}

/**
 * Seconds of training left, at the rate of the last epoch; within the first epoch, at that of the last step. Null before the first
 * step. The time of evaluations is not in it.
 */
export function secondsLeft(run: string, { epochs, trainSize, batchSize }: Size): number | null {
  const [epoch] = linesOf<EpochMetrics>(lastLine(join(run, "metrics.jsonl")) ?? "");
  const [step] = linesOf<StepLine>(lastLine(stepsFile(run)) ?? "");
  const rate = epoch?.imagesPerSecond ?? step?.imagesPerSecond;
  if (rate === undefined || !(rate > 0)) return null;
  const ended = epoch === undefined ? 0 : epoch.epoch + 1;
  const within = step === undefined ? 0 : step.epoch + Math.min(1, ((step.step + 1) * batchSize) / trainSize);
  const done = Math.max(ended, within);
  return (Math.max(0, epochs - done) * trainSize) / rate;
}
