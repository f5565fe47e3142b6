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
  /** The share of the wrong labels that the network ended up answering, by its own account, in [0, 1]. */
  readonly memorised: number;
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
 * score_i = 1 - p_i, with p_i the given label's probability: from elsewhere where there was no training, its telling
 * probability r_i along training (see `History`) where there are no targets, and (1 - m) t_i + m r_i where there are. There
 * m is the share of wrong labels memorised: targets that average answers learnt by heart tell less than the time before.
 *
 * Equal scores are ordered by the area under the margin.
 */
export function scoreLabels(evidence: Evidence): Scores {
  const { labels, history } = evidence;
  const probability = probabilityOf(evidence);
  return {
    score: probability.map((value) => Math.min(1, Math.max(0, 1 - value))),
    probability,
    tieBreak: history === null ? new Float64Array(labels.length) : history.areaUnderMargin.map((margin) => -margin),
  };
}

function probabilityOf({ labels, beliefs, history, adaptive, memorised }: Evidence): Float64Array {
  if (history === null) return selfConfidence(beliefs, labels);
  const { tellingProbability } = history;
  if (!adaptive) return tellingProbability;
  return selfConfidence(beliefs, labels).map(
    (target, i) => (1 - memorised) * target + memorised * tellingProbability[i]!,
  );
}

/**
 * m = (a - (1 - w)) / w, kept to [0, 1]: with a share w of labels wrong, a network that ends up answering the label given in
 * a share a of the judged samples answers at least so many of the wrong ones.
 */
export function memorisedShare(
  { lastAnswer }: History,
  labels: Int32Array,
  judged: Int32Array,
  wrongShare: number,
): number {
  if (wrongShare === 0) return 0;
  const agreed = judged.filter((i) => lastAnswer[i] === labels[i]).length / judged.length;
  return Math.min(1, Math.max(0, (agreed - (1 - wrongShare)) / wrongShare));
}
