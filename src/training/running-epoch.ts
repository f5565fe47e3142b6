// What an epoch counts while it trains, from the predictions that training makes anyway.
import type { LoadedBatch } from "../data/index.js";
import { countPredictions, type EpochTotals, emptyTotals } from "../runs/epoch-totals.js";
import { type EpochHistory, emptyHistory, recordPredictions } from "../runs/files/sample-history.js";
import type { Prepared } from "../runs/prepare.js";
import type { Progress } from "../runs/progress.js";
import type { Tensor } from "../torch/index.js";
import { readPredictions } from "./metrics/batch-predictions.js";

export interface RunningEpoch {
  readonly totals: EpochTotals;
  /** What was predicted of every sample so far; null of a method that predicts no classes. */
  readonly history: EpochHistory | null;
  /** Counts the samples of a batch or a part of one, and their predictions where there are some. */
  addPredictions(batch: LoadedBatch, logits: Tensor | null): void;
  addStep(loss: number, samples: number, seconds: number): void;
}

/** An epoch from its beginning, or from the step at which the run was stopped; then `unfinished` is its history until there. */
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
