// Hooks at the end of an epoch.
import type { EpochMetrics } from "../../runs/files/epoch-metrics.js";
import type { HeldOutPredictions } from "../../runs/files/held-out-files.js";
import type { Prepared } from "../../runs/prepare.js";
import type { Progress } from "../../runs/progress.js";

/** An epoch that has ended: its metrics, and the progress from before it. */
export interface EpochEnd {
  readonly prepared: Prepared;
  readonly progress: Progress;
  readonly metrics: EpochMetrics;
}

/** What a hook changes of the run's progress, what it notes for the user, and what the network predicts for samples held out. */
export interface HookResult {
  readonly progress: Partial<Progress>;
  readonly notes: readonly string[];
  readonly heldOut?: HeldOutPredictions;
}

export type EpochHook = (end: EpochEnd) => HookResult | Promise<HookResult>;

/** All hooks one after the other, each on the progress from before the epoch. */
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
