// Hooks at the end of an epoch.
import type { EpochMetrics } from "../../runs/files/epoch-metrics.js";
import type { HeldOutPredictions } from "../../runs/files/held-out-files.js";
import type { Prepared } from "../../runs/prepare.js";
import type { Progress } from "../../runs/progress.js";

/** A finished epoch: its metrics, and the progress before it. */
export interface EpochEnd {
  readonly prepared: Prepared;
  readonly progress: Progress;
  readonly metrics: EpochMetrics;
}

/** A hook's changes to the progress, its notes for the user, and predictions for held-out samples. */
export interface HookResult {
  readonly progress: Partial<Progress>;
  readonly notes: readonly string[];
  readonly heldOut?: HeldOutPredictions;
}

export type EpochHook = (end: EpochEnd) => HookResult | Promise<HookResult>;

/** Runs all hooks in order, each on the progress before the epoch. */
export async function runHooks(hooks: readonly EpochHook[], end: EpochEnd): Promise<HookResult> {
  const results: HookResult[] = [];
  for (const hook of hooks) results.push(await hook(end));
  const heldOut = results.find((result) => result.heldOut !== undefined)?.heldOut;
  return {
    ...(heldOut && { heldOut }),
    progress: Object.assign({}, ...results.map(({ progress }) => progress)) as Partial<Progress>,
    notes: results.flatMap(({ notes }) => notes),
  };
}
