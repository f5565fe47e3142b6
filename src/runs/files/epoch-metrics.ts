// A line of metrics.jsonl, which a run writes after each epoch.
// Accuracies and proportions are fractions of 1, losses are means in nats, epochs count from 0; unknown figures are absent or null.

/** Figures of self-supervised training, on samples that were not trained on. */
export interface RepresentationFigures {
  /** Of the normalized projections of training samples, averaged over the dimensions; 0 where they have collapsed. */
  readonly embeddingDeviation?: number | null;
  /** 1 / sqrt(dimension): the deviation of projections that are spread evenly. */
  readonly evenDeviation?: number | null;
  /** How many dimensions the normalized projections use. */
  readonly effectiveRank?: number | null;
  /** Of the normalized projections: lower for more evenly spread, 0 where collapsed. */
  readonly uniformity?: number | null;
  /** Mean squared distance of two views' normalized projections. */
  readonly alignment?: number | null;
  /** Accuracy of 200 weighted nearest neighbors on the features; in `metrics.jsonl` of a part of the test set. */
  readonly knnAccuracy?: number | null;
  /** Of logistic regression on the features, likewise. */
  readonly linearAccuracy?: number | null;
}

/** One epoch of a run: a line of `metrics.jsonl`. */
export interface EpochMetrics extends RepresentationFigures {
  readonly epoch: number;
  readonly lr: number;
  /** The objective's loss, averaged over the epoch's samples. */
  readonly trainLoss: number;
  /** Accuracy on the training samples as they were trained on, against the given labels. */
  readonly trainAccuracy?: number;
  readonly validationLoss?: number | null;
  readonly validationAccuracy?: number | null;
  /** Accuracy on the validation part against its true labels; with `trackDynamics`. */
  readonly cleanValidationAccuracy?: number | null;
  readonly testLoss?: number | null;
  readonly testAccuracy?: number | null;
  /** Fraction of test images classified correctly both clean and after PGD-20, on a part of the test set; for adversarial training. */
  readonly robustAccuracy?: number | null;
  /** Accuracy on the training samples against the given labels, in a separate pass; with `trackDynamics`. */
  readonly noisyTrainAccuracy?: number | null;
  /** Accuracy on the training samples against their true labels: as they were trained on, or with `trackDynamics` in a separate pass. */
  readonly cleanTrainAccuracy?: number | null;
  /** Fraction of training samples whose target's largest entry is their true label. */
  readonly recoveredLabels?: number | null;
  /** How far the targets have moved from the given labels: the mean of 1 - t_i[y_i]; for methods with targets. */
  readonly targetDrift?: number | null;
  /** Fraction of the wrongly labeled training samples for which the network predicts the wrong label. */
  readonly wrongLabelsMemorized?: number | null;
  readonly seconds: number;
  readonly imagesPerSecond: number;
}
