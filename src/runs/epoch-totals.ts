// The running totals of an epoch, from the predictions made during training.

/** Sums over the samples seen so far in an epoch. */
export interface EpochTotals {
  samples: number;
  loss: number;
  /** Predictions that equal the given label. */
  correct: number;
  /** Predictions that equal the true label. */
  cleanCorrect: number;
  /** Samples whose given label is wrong, and those of them that are predicted as this wrong label. */
  wrong: number;
  memorized: number;
  seconds: number;
}

export function emptyTotals(): EpochTotals {
  return { samples: 0, loss: 0, correct: 0, cleanCorrect: 0, wrong: 0, memorized: 0, seconds: 0 };
}

/** Counts the samples at `index` and their predictions; `clean` is null when the clean labels are unknown. */
export function countPredictions(
  totals: EpochTotals,
  predictions: ArrayLike<number>,
  index: Int32Array,
  given: Int32Array,
  clean: Int32Array | null,
): void {
  totals.samples += index.length;
  for (let i = 0; i < index.length; i++) {
    const sample = index[i] as number;
    const label = given[sample] as number;
    if (predictions[i] === label) totals.correct++;
    if (clean === null) continue;
    if (predictions[i] === clean[sample]) totals.cleanCorrect++;
    if (label === clean[sample]) continue;
    totals.wrong++;
    if (predictions[i] === label) totals.memorized++;
  }
}

/** The fraction of the wrongly labeled samples that are predicted as their wrong label; null when there are none. */
export function memorizedFraction({ wrong, memorized }: EpochTotals): number | null {
  return wrong === 0 ? null : memorized / wrong;
}
