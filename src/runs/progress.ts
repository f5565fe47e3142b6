// The progress of a run: its position, the totals of the current epoch, and the best epoch so far.
import type { EpochTotals } from "./epoch-totals.js";

/** What predictions say about the given labels after an epoch, in evaluation mode: mean cross entropies, and disagreement. */
export interface DetectionEpoch {
  /** Of an equal number of training samples. */
  readonly trainLoss: number;
  /** Of held-out samples. */
  readonly heldOutLoss: number;
  /** The standard error of that mean. */
  readonly heldOutError: number;
  /** The fraction of held-out samples predicted as another class than their label. */
  readonly disagreement: number;
  /** The same among the most confident predictions of each class. */
  readonly confidentDisagreement: number;
}

export interface Best {
  readonly epoch: number;
  readonly validationAccuracy: number;
  readonly testAccuracy: number | null;
}

/** Plain data, so that it survives JSON exactly. */
export interface Progress {
  /** The next step to take: of this epoch, counted from 0, after `step` steps of it. */
  readonly epoch: number;
  readonly step: number;
  /** All randomness is keyed by (seed, epoch, sample or step), so this and the position are the random state. */
  readonly seed: number;
  /** The totals of the unfinished epoch; null between epochs. */
  readonly totals: EpochTotals | null;
  readonly best: Best | null;
  /** The epoch from which targets move; null before it is detected. */
  readonly startEpoch: number | null;
  /** The epochs until it was detected. */
  readonly detectionEpochs: readonly DetectionEpoch[];
  /** Consecutive evaluated epochs in which a self-supervised network gave nearly the same representation for all samples. */
  readonly collapsing: number;
  /** Samples trained on up to here, each as often as it was visited, over the finished epochs. */
  readonly samples: number;
  /** Seconds of training up to here, over all resumes. */
  readonly seconds: number;
}
