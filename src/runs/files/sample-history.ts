// The per-sample history: the predictions made during training, epoch by epoch.

/** One value per sample of a batch. */
export interface SamplePredictions {
  /** The most probable class. */
  readonly prediction: Int32Array;
  /** softmax(z)_y: the probability of the given label. */
  readonly probability: Float32Array;
  /** z_y - max_{j != y} z_j: the margin of the given label. @see Pleiss et al. 2020 (arXiv 2001.10528) */
  readonly margin: Float32Array;
}

/** The columns of a row: the label's probability, its margin in logits, the predicted class. */
export const HISTORY_COLUMNS = 3;

/** One epoch's row of every training record, (n, 3) float32; NaN for those that were not visited. */
export type EpochHistory = Float32Array;

export function emptyHistory(samples: number): EpochHistory {
  return new Float32Array(samples * HISTORY_COLUMNS).fill(Number.NaN);
}

/** Stores the predictions for the samples at `index` in their rows. */
export function recordPredictions(
  history: EpochHistory,
  index: Int32Array,
  { probability, margin, prediction }: SamplePredictions,
): void {
  for (let i = 0; i < index.length; i++) {
    const row = (index[i] as number) * HISTORY_COLUMNS;
    history[row] = probability[i] as number;
    history[row + 1] = margin[i] as number;
    history[row + 2] = prediction[i] as number;
  }
}
