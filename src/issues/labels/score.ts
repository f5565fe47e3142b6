// The score of each label: how likely it is wrong.
import { selfConfidence } from "../../metrics/index.js";
import type { History } from "./history.js";
import { finalWeight } from "./informative.js";

/** The evidence about N samples. */
export interface Evidence {
  readonly labels: Int32Array;
  readonly classes: number;
  /** Of the classes, (N, classes): `combinedProbabilities` of a run, or any out-of-sample probabilities. */
  readonly probabilities: Float32Array;
  /** Breaks ties between equally probable classes, (N, classes). */
  readonly logits: Float32Array;
  /** Null without a run. */
  readonly run: RunEvidence | null;
  /** Samples that are far from all others, if those were searched for. */
  readonly far: ReadonlySet<number>;
}

/** The evidence from a run. */
export interface RunEvidence {
  readonly history: History;
  readonly epochs: number;
  /** The final network's probabilities, averaged with the targets where they have moved, (N, classes). */
  readonly final: Float32Array;
  /** The fraction of samples trained on that the final network does not predict as labeled. */
  readonly disagreement: number;
}

/** One value for each of the samples scored. */
export interface Scores {
  /** The log odds of another class, relative to the classes: below 0 where the given label is more probable. */
  readonly odds: Float64Array;
  /** The given label's probability. */
  readonly probability: Float64Array;
  /** Among equal odds, the highest is the most likely error. */
  readonly tieBreak: Float64Array;
}

/** The weight of the final network's odds; chosen on the runs of docs/label-issues.md. */
const finalFraction = 0.3;

/**
 * The odds against each label of `samples`: 0.7 x_history + 0.3 x_final, with x the `relativeOdds` of the probabilities during
 * training (`informative.ts` has the epochs' weights) and of the final ones; without a run, those of the given probabilities.
 *
 * Equal odds are ordered by the area under the margin.
 */
export function scoreLabels({ labels, classes, probabilities, run }: Evidence, samples: Int32Array): Scores {
  if (run === null) {
    const probability = selfConfidence(probabilities, labels);
    return {
      odds: relativeOdds(probabilities, labels, classes, samples),
      probability: Float64Array.from(samples, (i) => probability[i]!),
      tieBreak: new Float64Array(samples.length),
    };
  }
  const finalOdds = relativeOdds(run.final, labels, classes, samples);
  const historyOdds = relativeOdds(run.history.informativeProbabilities, labels, classes, samples);
  const probability = probabilityAlong(run, labels);
  return {
    odds: historyOdds.map((odds, row) => (1 - finalFraction) * odds + finalFraction * finalOdds[row]!),
    probability: Float64Array.from(samples, (i) => probability[i]!),
    tieBreak: Float64Array.from(samples, (i) => -run.history.areaUnderMargin[i]!),
  };
}

/** The classes' probabilities during training and of the final network, averaged as those of the label are, (N, classes). */
export function combinedProbabilities({ history, epochs, final, disagreement }: RunEvidence): Float32Array {
  const { informativeProbabilities, informativeWeight } = history;
  const classes = informativeProbabilities.length / informativeWeight.length;
  const lastWeight = finalWeight(epochs, disagreement);
  return final.map((last, k) => {
    const weight = informativeWeight[Math.floor(k / classes)]!;
    const total = weight + lastWeight;
    return total === 0 ? last : (weight * informativeProbabilities[k]! + lastWeight * last) / total;
  });
}

function probabilityAlong({ history, epochs, final, disagreement }: RunEvidence, labels: Int32Array): Float64Array {
  const lastWeight = finalWeight(epochs, disagreement);
  return selfConfidence(final, labels).map((last, i) => {
    const weight = history.informativeWeight[i]!;
    const total = weight + lastWeight;
    return total === 0 ? last : (weight * history.informativeProbability[i]! + lastWeight * last) / total;
  });
}

const least = 1e-3;

/**
 * How much more a network believes in another class than in the given label, each class measured by itself:
 *
 * x_i = max_{j != y} log(p_ij / t_j) - log(p_iy / t_y), with t_j the mean probability of class j among the samples labeled j.
 *
 * A class that is believed less as a whole, for being rare or hard, is not suspect for that. Probabilities count as 0.001 at
 * least; t_j is 1 for a class without samples.
 *
 * probabilities (N, classes), labels (N) -> (n), one for each of `samples`.
 */
export function relativeOdds(
  probabilities: Float32Array,
  labels: Int32Array,
  classes: number,
  samples: Int32Array,
): Float64Array {
  const levels = classLevels(probabilities, labels, classes, samples);
  const relative = (i: number, j: number) => Math.log(Math.max(least, probabilities[i * classes + j]!) / levels[j]!);
  return Float64Array.from(samples, (i) => {
    const label = labels[i]!;
    let best = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < classes; j++) if (j !== label) best = Math.max(best, relative(i, j));
    return best - relative(i, label);
  });
}

function classLevels(
  probabilities: Float32Array,
  labels: Int32Array,
  classes: number,
  samples: Int32Array,
): Float64Array {
  const [sums, counts] = [new Float64Array(classes), new Float64Array(classes)];
  for (const i of samples) {
    const label = labels[i]!;
    sums[label]! += Math.max(least, probabilities[i * classes + label]!);
    counts[label]! += 1;
  }
  return sums.map((sum, j) => (counts[j] === 0 ? 1 : sum / counts[j]!));
}
