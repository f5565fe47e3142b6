// What an epoch adds up while it trains: from the predictions that training makes anyway.

/** Sums over the samples seen so far in an epoch. */
export interface EpochTotals {
  samples: number;
  loss: number;
  /** Answers equal to the label given. */
  correct: number;
  /** Answers equal to the clean label. */
  cleanCorrect: number;
  /** Samples whose given label is wrong, and those of them answered with that wrong label. */
  wrong: number;
  memorized: number;
  seconds: number;
}

export function emptyTotals(): EpochTotals {
  return { samples: 0, loss: 0, correct: 0, cleanCorrect: 0, wrong: 0, memorized: 0, seconds: 0 };
}

/** Counts the samples at `index` and what was answered; `clean` is null where the clean labels are not known. */
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

/** The share of the wrongly labeled samples that were answered with their wrong label; null where none was. */
export function memorizedFraction({ wrong, memorized }: EpochTotals): number | null {
  return wrong === 0 ? null : memorized / wrong;
}
