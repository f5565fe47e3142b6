// The totals and the per-sample history of an epoch in progress.
import type { LoadedBatch } from "../data/index.js";
import { countPredictions, type EpochTotals, emptyTotals } from "../runs/epoch-totals.js";
import { type EpochHistory, emptyHistory, recordPredictions } from "../runs/files/sample-history.js";
import type { Prepared } from "../runs/prepare.js";
import type { Progress } from "../runs/progress.js";
import type { Tensor } from "../torch/index.js";
import { readPredictions } from "./metrics/batch-predictions.js";

export interface RunningEpoch {
  readonly totals: EpochTotals;
  /** The per-sample history so far; null for a method that predicts no classes. */
  readonly history: EpochHistory | null;
  /** Adds the predictions for a batch or a part of one. */
  addPredictions(batch: LoadedBatch, logits: Tensor | null): void;
  addStep(loss: number, samples: number, seconds: number): void;
}

/** A new epoch, or one that was stopped in the middle, whose history until then is `unfinished`. */
export function runningEpoch(
  { train, cleanLabels, classes }: Prepared,
  progress: Progress,
  unfinished: EpochHistory | null,
): RunningEpoch {
  const totals = progress.totals === null ? emptyTotals() : { ...progress.totals };
  let history = progress.step > 0 ? unfinished : null;
  return {
    totals,
    get history() {
      return history;
    },
    addPredictions({ index, labels }, logits) {
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
  };
}
