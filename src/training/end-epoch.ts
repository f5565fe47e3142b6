// The end of an epoch: evaluation, metrics, hooks and notes.
import type { Prepared } from "../runs/prepare.js";
import type { Progress } from "../runs/progress.js";
import type { TrainingListener } from "./events.js";
import { isEvaluated } from "./hooks/early-stopping.js";
import { type EpochHook, runHooks } from "./hooks/hook.js";
import { betterOf, epochMetrics } from "./metrics/epoch-metrics.js";
import { targetsOfGivenLabels } from "./metrics/target-figures.js";
import type { RunningEpoch } from "./running-epoch.js";
import type { Session } from "./session/session.js";

export interface EndedEpoch {
  readonly prepared: Prepared;
  readonly session: Session;
  /** Where the run was at the beginning of the epoch. */
  readonly progress: Progress;
  readonly running: RunningEpoch;
  readonly hooks: readonly EpochHook[];
  readonly emit: TrainingListener;
}

/** Emits the metrics and notes of an epoch that has ended; returns where the run is then. */
export async function endEpoch({ prepared, session, progress, running, hooks, emit }: EndedEpoch): Promise<Progress> {
  const { epoch } = progress;
  const { totals, history } = running;
  const metrics = await epochMetrics(prepared, session, epoch, totals, isEvaluated(epoch, prepared.recipe));
  const labelTargets = prepared.recipe.tensorboard ? targetsOfGivenLabels(session.objective, prepared) : null;
  emit({ type: "epoch", metrics, history, labelTargets });
  const hooked = await runHooks(hooks, { prepared, progress, metrics });
  if (hooked.heldOut) emit({ type: "held-out", epoch, predictions: hooked.heldOut });
  for (const text of [...dataNotes(session), ...hooked.notes]) emit({ type: "note", text });
  return {
    ...progress,
    ...hooked.progress,
    epoch: epoch + 1,
    step: 0,
    totals: null,
    best: betterOf(progress.best, metrics),
    samples: progress.samples + totals.samples,
    seconds: progress.seconds + totals.seconds,
  };
}

/** Notes on images that could not be decoded in this epoch. */
const dataNotes = ({ loader, testLoader }: Session) => [
  ...new Set([...loader.notes(), ...(testLoader?.notes() ?? [])]),
];
