// How suspect a label is: the one place that decides it.
import { selfConfidence } from "../metrics/index.js";
import type { History } from "./history.js";
import { finalWeight } from "./informative.js";
import { relativeOdds } from "./relative-odds.js";

/** What is known of N samples: one row of `beliefs`, (N, classes), and one of everything else, a sample. */
export interface Evidence {
  readonly labels: Int32Array;
  readonly classes: number;
  /** How much each class is believed: `believedClasses` of a run, or probabilities from elsewhere. */
  readonly beliefs: Float32Array;
  /** Decides between classes that are believed equally, (N, classes). */
  readonly logits: Float32Array;
  /** What was seen along a run; null for probabilities from elsewhere. */
  readonly along: Along | null;
}

/** A run's own view of its samples. */
export interface Along {
  readonly history: History;
  readonly epochs: number;
  /** The final network's probabilities, averaged with the targets where they have moved, (N, classes). */
  readonly final: Float32Array;
  /** The share of samples trained on that the final network does not answer as labeled. */
  readonly disagreement: number;
}

/** One value for each of the samples scored. */
export interface Scores {
  /** The log odds of another class, each class measured by itself: below 0 where the label is believed. */
  readonly odds: Float64Array;
  /** The given label's probability. */
  readonly probability: Float64Array;
  /** Among equal odds, the highest is the most suspect. */
  readonly tieBreak: Float64Array;
}

/** How much of the odds comes from the final network; chosen on the runs of docs/label-issues.md. */
const finalShare = 0.3;

/**
 * The odds against each label of `samples`: 0.7 x_along + 0.3 x_end, with x the `relativeOdds` of the classes as they were along
 * training (`informative.ts` has the epochs' weights) and as they are believed in the end; those of the probabilities where
 * there was no training.
 *
 * Equal odds are ordered by the area under the margin.
 */
export function scoreLabels({ labels, classes, beliefs, along }: Evidence, samples: Int32Array): Scores {
  if (along === null) {
    const probability = selfConfidence(beliefs, labels);
    return {
      odds: relativeOdds(beliefs, labels, classes, samples),
      probability: Float64Array.from(samples, (i) => probability[i]!),
      tieBreak: new Float64Array(samples.length),
    };
  }
  const inTheEnd = relativeOdds(along.final, labels, classes, samples);
  const onTheWay = relativeOdds(along.history.tellingBeliefs, labels, classes, samples);
  const probability = probabilityAlong(along, labels);
  return {
    odds: onTheWay.map((odds, row) => (1 - finalShare) * odds + finalShare * inTheEnd[row]!),
    probability: Float64Array.from(samples, (i) => probability[i]!),
    tieBreak: Float64Array.from(samples, (i) => -along.history.areaUnderMargin[i]!),
  };
}

/** The classes along training and as believed in the end, averaged as the probability of the label is, (N, classes). */
export function believedClasses({ history, epochs, final, disagreement }: Along): Float32Array {
  const { tellingBeliefs, tellingWeight } = history;
  const classes = tellingBeliefs.length / tellingWeight.length;
  const last = finalWeight(epochs, disagreement);
  return final.map((believed, k) => {
    const weight = tellingWeight[Math.floor(k / classes)]!;
    return weight + last === 0 ? believed : (weight * tellingBeliefs[k]! + last * believed) / (weight + last);
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
