// How many labels are wrong: estimators for runs that memorized their labels and for runs that did not.
import { confidentJoint, estimatedErrorShare } from "../metrics/index.js";

/** The estimated fraction of wrong labels, with a range that covers sampling error and the estimators' disagreement. */
export interface NoiseRate {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly method: NoiseRateMethod;
}

export type NoiseRateMethod =
  | "late joint"
  | "late agreement"
  | "held-out agreement"
  | "margins"
  | "informative joint"
  | "confident joint";

/** The estimates from one run; `heldOut` is null where no sample was held out of the first epochs. */
export interface RateEvidence {
  /** Confident joint of the last epochs. */
  readonly lateJoint: number;
  /** Disagreement among the tenth of each predicted class that the last epochs predict most confidently. */
  readonly lateAgreement: number;
  /** Disagreement of the last epochs, of all samples. */
  readonly lateDisagreement: number;
  /** Disagreement of the views weighted by how informative their epochs are. */
  readonly informativeDisagreement: number;
  /** Confident joint of those views. */
  readonly informativeJoint: number;
  /** Two-component mixture of the margins. */
  readonly margins: number;
  readonly heldOut: HeldOutRate | null;
  readonly samples: number;
}

export interface HeldOutRate {
  /** Disagreement among the most confident 30% of each predicted class, at the first visit. */
  readonly rate: number;
  /** The epoch of that visit, as a fraction of all epochs. */
  readonly position: number;
  readonly samples: number;
}

/** Below this fraction of the informative disagreement the last epochs have memorized their labels. */
const memorized = 0.6;
/** More disagreement than this beyond the joint's comes from a network too weak for the joint. */
const weakNetwork = 0.065;
/** Held-out samples first visited before this fraction of training met a network too weak to count by. */
const leastTrained = 0.25;
const leastHeldOut = 100;

/**
 * Chooses among the estimates and widens the 95% binomial range to the rival that the case leaves open.
 *
 * The thresholds were chosen on the runs of docs/label-issues.md.
 */
export function estimateNoiseRate(evidence: RateEvidence): NoiseRate {
  const { lateJoint, lateAgreement, lateDisagreement, informativeDisagreement, heldOut, samples } = evidence;
  if (lateDisagreement >= memorized * informativeDisagreement) {
    return lateDisagreement - lateJoint > weakNetwork
      ? rateOf("late agreement", lateAgreement, [lateJoint], samples)
      : rateOf("late joint", lateJoint, [lateAgreement], samples);
  }
  const trusted = heldOut !== null && heldOut.samples >= leastHeldOut && heldOut.position >= leastTrained;
  return trusted ? rateOf("held-out agreement", heldOut.rate, [], 0.3 * heldOut.samples) : memorizedRate(evidence);
}

/** Where the labels were memorized and nothing was held out long enough: any rate from the lowest rival to the highest. */
function memorizedRate({
  margins,
  informativeJoint,
  informativeDisagreement,
  heldOut,
  samples,
}: RateEvidence): NoiseRate {
  const rivals = [0, informativeJoint, informativeDisagreement, ...(heldOut === null ? [] : [heldOut.rate])];
  return margins > 0
    ? rateOf("margins", margins, rivals.slice(1), samples)
    : rateOf("informative joint", informativeJoint, rivals, samples);
}

/** A rate with its 95% normal range over `count` samples, widened to the rivals. */
export function rateOf(method: NoiseRateMethod, estimate: number, rivals: readonly number[], count: number): NoiseRate {
  const error = 1.96 * Math.sqrt((estimate * (1 - estimate) + 1 / count) / count);
  return {
    estimate,
    low: Math.max(0, Math.min(estimate - error, ...rivals)),
    high: Math.min(1, Math.max(estimate + error, ...rivals)),
    method,
  };
}

/** Off-diagonal fraction of the confident joint. @see Northcutt et al. 2021 (arXiv 1911.00068) */
export function jointRate(probabilities: Float32Array, labels: Int32Array): number {
  return labels.length === 0 ? 0 : estimatedErrorShare(confidentJoint(probabilities, labels));
}

/** Classes predicted for fewer samples say too little. */
const leastPredicted = 5;

/**
 * Disagreement with the given labels among the most confident `fraction` of each predicted class, classes weighted by how
 * often they are predicted: sum_j n_j d_j / sum_j n_j.
 */
export function confidentDisagreement(
  probabilities: Float32Array,
  labels: Int32Array,
  classes: number,
  fraction: number,
): number {
  let [disagreeing, counted] = [0, 0];
  for (const members of byPrediction(probabilities, labels.length, classes)) {
    if (members.length < leastPredicted) continue;
    const most = Math.max(leastPredicted, Math.floor(fraction * members.length));
    const top = members.sort((a, b) => b.confidence - a.confidence).slice(0, most);
    const wrong = top.filter(({ sample, predicted }) => labels[sample] !== predicted).length;
    disagreeing += (members.length * wrong) / top.length;
    counted += members.length;
  }
  return counted === 0 ? 0 : disagreeing / counted;
}

interface Prediction {
  readonly sample: number;
  readonly predicted: number;
  readonly confidence: number;
}

function byPrediction(probabilities: Float32Array, samples: number, classes: number): Prediction[][] {
  const members: Prediction[][] = Array.from({ length: classes }, () => []);
  for (let sample = 0; sample < samples; sample++) {
    const row = probabilities.subarray(sample * classes, (sample + 1) * classes);
    const confidence = Math.max(...row);
    const predicted = row.indexOf(confidence);
    members[predicted]?.push({ sample, predicted, confidence });
  }
  return members;
}
