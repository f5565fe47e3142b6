// How suspect a label is: the one place that decides it.
import { selfConfidence } from "../metrics/index.js";
import type { History } from "./history.js";
import { finalWeight } from "./informative.js";

/** What is known of n samples: one row of `beliefs`, (n, classes), and one of everything else, a sample. */
export interface Evidence {
  readonly labels: Int32Array;
  readonly classes: number;
  /** How much each class is believed: `believedClasses` of a run, or probabilities from elsewhere. */
  readonly beliefs: Float32Array;
  /** Decides between classes that are believed equally, (n, classes). */
  readonly logits: Float32Array;
  /** What was seen along a run; null for probabilities from elsewhere. */
  readonly along: Along | null;
}

/** A run's own view of its samples. */
export interface Along {
  readonly history: History;
  readonly epochs: number;
  /** The final network's probabilities, averaged with the targets where they have moved, (n, classes). */
  readonly final: Float32Array;
  /** The share of samples trained on that the final network does not answer as labelled. */
  readonly disagreement: number;
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
 * score_i = 1 - q_i, with q_i the probability of the given label: as it was along training (`telling.ts` has the epochs'
 * weights) and as it is believed in the end, averaged; or the one from elsewhere, where there was no training.
 *
 * Equal scores are ordered by the area under the margin.
 */
export function scoreLabels({ labels, beliefs, along }: Evidence): Scores {
  const probability = along === null ? selfConfidence(beliefs, labels) : probabilityAlong(along, labels);
  return {
    score: probability.map((value) => Math.min(1, Math.max(0, 1 - value))),
    probability,
    tieBreak: along?.history.areaUnderMargin.map((margin) => -margin) ?? new Float64Array(labels.length),
  };
}

/** The answers along training and what is believed in the end, averaged as the probability of the label is, (n, classes). */
export function believedClasses({ history, epochs, final, disagreement }: Along): Float32Array {
  const { tellingAnswers, tellingWeight } = history;
  const classes = tellingAnswers.length / tellingWeight.length;
  const last = finalWeight(epochs, disagreement);
  return final.map((believed, k) => {
    const weight = tellingWeight[Math.floor(k / classes)]!;
    return weight + last === 0 ? believed : (weight * tellingAnswers[k]! + last * believed) / (weight + last);
  });
}

function probabilityAlong({ history, epochs, final, disagreement }: Along, labels: Int32Array): Float64Array {
  const last = finalWeight(epochs, disagreement);
  return selfConfidence(final, labels).map((believed, i) => {
    const weight = history.tellingWeight[i]!;
    const total = weight + last;
    return total === 0 ? believed : (weight * history.tellingProbability[i]! + last * believed) / total;
  });
}
