// The headline figures of a run, from its summary or its last epochs.
import type { EpochMetrics } from "../../runs/files/epoch-metrics.js";
import type { RunSummary } from "../../runs/files/run-summary.js";
import type { RunRecord } from "../types.js";

/** A metric that both the summary and the epochs may have. */
export type Figure = Exclude<keyof EpochMetrics & keyof RunSummary, "seconds" | "imagesPerSecond">;

/** The final value of a metric: from the summary, else from the last epoch that has it, else null. */
export function finalFigure({ summary, metrics }: RunRecord, figure: Figure): number | null {
  return summary[figure] ?? metrics.findLast((epoch) => epoch[figure] != null)?.[figure] ?? null;
}

/** The fraction of wrong training labels if it is known and not zero, else null. */
export function labelNoise({ summary }: RunRecord): number | null {
  return summary.labelNoise || null;
}

/** The fraction of targets whose largest entry is the true label; null if targets never moved from the given labels. */
export function movedTargets(run: RunRecord): number | null {
  const noise = labelNoise(run);
  const recovered = finalFigure(run, "recoveredLabels");
  return noise === null || recovered === null || Math.abs(recovered - (1 - noise)) < 1e-3 ? null : recovered;
}

/** The epoch of the highest test accuracy, the first in a tie; null without a test accuracy. */
export function bestTestEpoch(metrics: readonly EpochMetrics[]): { epoch: number; testAccuracy: number } | null {
  let best: { epoch: number; testAccuracy: number } | null = null;
  for (const { epoch, testAccuracy } of metrics) {
    if (testAccuracy != null && testAccuracy > (best?.testAccuracy ?? -1)) best = { epoch, testAccuracy };
  }
  return best;
}

/** The epoch from which targets move, if they are fixed before; else null. */
export function targetStart({ summary }: RunRecord): number | null {
  return summary.startEpoch || null;
}

/** Every value of a recipe that is not itself an object, with its path: ["data.batchSize", 128]. Lists are values. */
export function leaves(recipe: object): [string, unknown][] {
  return Object.entries(recipe).flatMap(([key, value]): [string, unknown][] =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? leaves(value).map(([path, leaf]): [string, unknown] => [`${key}.${path}`, leaf])
      : [[key, value]],
  );
}
