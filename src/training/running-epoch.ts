// The totals and the per-sample history of an epoch in progress.
import type { LoadedBatch } from "../data/index.js";
import { countPredictions, type EpochTotals, emptyTotals } from "../runs/epoch-totals.js";
import { type EpochHistory, emptyHistory, recordPredictions } from "../runs/files/sample-history.js";
import type { Prepared } from "../runs/prepare.js";
import type { Progress } from "../runs/progress.js";
import type { distributed, Tensor } from "../torch/index.js";
import { readPredictions } from "./metrics/batch-predictions.js";
import { type Visits, visitsOf } from "./parallel/merge.js";

export interface RunningEpoch {
  readonly totals: EpochTotals;
  /** The per-sample history so far; null for a method that predicts no classes. */
  readonly history: EpochHistory | null;
  /** When this process trained on each sample. */
  readonly visits: Visits;
  /** Adds the predictions for a batch or a part of one. */
  addPredictions(batch: LoadedBatch, logits: Tensor | null): void;
  addStep(loss: number, samples: number, seconds: number): void;
  /** Totals and history of all ranks in the place of this one's. */
  replace(totals: EpochTotals, history: EpochHistory | null): void;
}

/**
 * A new epoch, or one that was stopped in the middle, whose history until then is `unfinished`; what was counted then is
 * rank 0's.
 */
export function runningEpoch(
  { train, cleanLabels, classes }: Prepared,
  progress: Progress,
  unfinished: EpochHistory | null,
  group: distributed.ProcessGroup,
): RunningEpoch {
  const totals = { ...emptyTotals(), ...progress.totals };
  if (group.rank > 0) Object.assign(totals, emptyTotals(), { loss: totals.loss, seconds: totals.seconds });
  const visits = visitsOf(group, train.labels.length);
  let history = progress.step > 0 ? unfinished : null;
  return {
    totals,
    visits,
    get history() {
      return history;
    },
    addPredictions({ index, labels, step }, logits) {
      visits.add(index, step);
      if (logits === null) {
        totals.samples += index.length;
        return;
      }
      const predicted = readPredictions(logits, classes.length, labels);
      history ??= emptyHistory(train.labels.length);
      countPredictions(totals, predicted.prediction, index, train.labels, cleanLabels);
      recordPredictions(history, index, predicted);
    },
    addStep(loss, samples, seconds) {
      totals.loss += loss * samples;
      totals.seconds += seconds;
    },
    replace(all, merged) {
      Object.assign(totals, all);
      history = merged;
    },
  };
}
