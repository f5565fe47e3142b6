// How suspect a label is: the one place that decides it.
import { selfConfidence } from "../../metrics/index.js";
import type { History } from "./history.js";

/** What is known of n samples: one row of `beliefs`, (n, classes), and one of everything else, a sample. */
export interface Evidence {
  readonly labels: Int32Array;
  readonly classes: number;
  /** How much each class is believed: targets, or shares of answers, or probabilities from elsewhere. */
  readonly beliefs: Float32Array;
  /** Decides between classes that are believed equally, (n, classes). */
  readonly logits: Float32Array;
  readonly history: History | null;
  /** Whether the beliefs are targets that have moved. */
  readonly adaptive: boolean;
}

export interface Scores {
  /** In [0, 1]: from surely right to surely wrong. */
  readonly score: Float64Array;
  /** The given label's probability. */
  readonly probability: Float64Array;
  /** Among equal scores, the highest is the most suspect. */
  readonly tieBreak: Float64Array;
}

/**
 * score_i = 1 - p_i, with p_i the given label's target where there are targets, its telling probability along training
 * (see `History`) where there are none, and its probability from elsewhere where there was no training.
 *
 * Equal scores are ordered by the area under the margin.
 */
export function scoreLabels({ labels, beliefs, history, adaptive }: Evidence): Scores {
  const probability = history === null || adaptive ? selfConfidence(beliefs, labels) : history.tellingProbability;
  return {
    score: probability.map((value) => Math.min(1, Math.max(0, 1 - value))),
    probability,
    tieBreak: history === null ? new Float64Array(labels.length) : history.areaUnderMargin.map((margin) => -margin),
  };
}
