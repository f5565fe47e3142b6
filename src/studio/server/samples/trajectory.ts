// A sample's way through training: the given label's probability and target, and the predicted class, epoch by epoch.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { z } from "zod";
import { momentumForEpochs } from "../../../methods/index.js";
import { historyFiles } from "../../../runs/files/history-files.js";
import { HISTORY_COLUMNS } from "../../../runs/files/sample-history.js";
import type { Recipe } from "../../../runs/index.js";
import type { sampleDetails } from "../../api.js";
import type { Evidence } from "../evidence/loaded.js";

type Trajectory = z.output<typeof sampleDetails>["trajectory"];

/**
 * What moves a target: t <- m t + (1 - m) p from an epoch s on. Where s was detected, the target first moves halfway to the average of
 * the predictions before it, a / (1 - b^s) with a <- b a + (1 - b) p.
 */
export interface TargetRule {
  readonly momentum: number;
  /** b, of the average before the start. */
  readonly averaging: number;
  readonly startEpoch: number;
  readonly isDetected: boolean;
}

/** The rule of self-adaptive training, once its start is known; null for other methods. */
export function targetRuleOf({ objective, ...recipe }: Recipe, startEpoch: number | null): TargetRule | null {
  const given = recipe as { readonly targetMomentum?: number; readonly startEpoch?: number | "auto" };
  const { targetMomentum } = given;
  if (objective !== "sat" || startEpoch === null) return null;
  const momentum = targetMomentum ?? momentumForEpochs(recipe.epochs - startEpoch);
  const averaging = targetMomentum ?? momentumForEpochs(recipe.epochs);
  return { momentum, averaging, startEpoch, isDetected: given.startEpoch === "auto" };
}

/** A computed target may differ from the stored one by so much. */
const tolerance = 0.02;

/**
 * Of a training sample, by its rows of the per-sample history. The target of the given label follows from its probabilities; that of a
 * pinned sample, whose stored target (`final`) is 1, never moved. Where the last one is not the stored target, none is shown.
 */
export function trajectoryOf(
  { run, classes, trainSamples }: Pick<Evidence, "run" | "classes" | "trainSamples">,
  sample: number,
  rule: TargetRule | null,
  final: number,
): Trajectory {
  const rows = historyFiles(run).map((path) => readRow(path, sample, trainSamples));
  const visited = rows.flatMap((row, epoch) => (row === null || Number.isNaN(row[0]) ? [] : [{ epoch, row }]));
  const targets = rule === null ? [] : final === 1 ? visited.map(() => 1) : targetsAlong(visited, rule);
  const isStored = targets.length > 0 && Math.abs(targets.at(-1)! - final) < tolerance;
  return visited.map(({ epoch, row }, i) => ({
    epoch,
    probability: row[0]!,
    target: isStored ? targets[i]! : null,
    predicted: classes[row[2]!] ?? "",
  }));
}

function targetsAlong(
  visited: readonly { readonly epoch: number; readonly row: Float32Array }[],
  { momentum, averaging, startEpoch, isDetected }: TargetRule,
): number[] {
  const moved = (from: number, probability: number, kept: number) => kept * from + (1 - kept) * probability;
  const before = visited.filter(({ epoch }) => epoch < startEpoch);
  const average =
    before.reduce((from, { row }) => moved(from, row[0]!, averaging), 0) / (1 - averaging ** before.length);
  let target = isDetected && before.length > 0 ? (1 + average) / 2 : 1;
  return visited.map(({ epoch, row }) => {
    if (epoch < startEpoch) return 1;
    target = moved(target, row[0]!, momentum);
    return target;
  });
}

/** One row of a float32 (n, 3) array, which ends the file; null where it cannot be read. */
function readRow(path: string, row: number, rows: number): Float32Array | null {
  const bytes = 4 * HISTORY_COLUMNS;
  try {
    const file = openSync(path, "r");
    try {
      const start = fstatSync(file).size - rows * bytes + row * bytes;
      const found = new Uint8Array(bytes);
      return start > 0 && readSync(file, found, 0, bytes, start) === bytes ? new Float32Array(found.buffer) : null;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}
