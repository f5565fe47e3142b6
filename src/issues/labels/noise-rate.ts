// How many labels are wrong: estimators for runs that memorized their labels and for runs that did not.
import { confidentJoint, estimatedErrorRate } from "../../metrics/index.js";
import { leastGain, type UniformNoise, uniformNoise } from "./uniform-noise.js";

/** The estimated fraction of wrong labels, with an interval that covers sampling error and the estimators' disagreement. */
export interface NoiseRate {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  readonly method: NoiseRateMethod;
}

export type NoiseRateMethod =
  | "late joint"
  | "late agreement"
  | "held-out likelihood"
  | "held-out agreement"
  | "held-out and informative views"
  | "margins"
  | "informative joint"
  | "confident joint";

/** What a run says of its labels as a whole; "disagreement" is the fraction of samples predicted otherwise than labeled. */
export interface RateEvidence {
  /** Confident joint of the last epochs. */
  readonly lateJoint: number;
  /** Disagreement among the tenth of each predicted class that the last epochs predict most confidently. */
  readonly lateAgreement: number;
  /** Disagreement of the last epochs, of all samples. */
  readonly lateDisagreement: number;
  /** Confident joint of the views weighted by how informative their epochs are. */
  readonly informativeJoint: number;
  /** Disagreement of those views. */
  readonly informativeDisagreement: number;
  /** Two-component mixture of the margins. */
  readonly margins: number;
  /** Null where no sample was held out until the targets' start. */
  readonly heldOut: HeldOutRate | null;
  readonly samples: number;
}

/** What the predictions for samples not trained on say: disagreement among the most confident 30% and 60% of each predicted class, noise. */
export interface HeldOutRate {
  readonly most: number;
  readonly majority: number;
  /** Uniform noise that explains their labels. */
  readonly uniform: UniformNoise;
  /** For how many of all epochs they were held out, as a fraction. */
  readonly position: number;
  readonly samples: number;
}

/** Below this fraction of the informative disagreement the last epochs have memorized their labels. */
const memorized = 0.6;
/** In runs that did not memorize their labels the mixture of margins was off by a factor of up to 1.25. */
const marginError = 1.25;
/** More disagreement than this beyond the joint's comes from a network too weak for the joint. */
const weakNetwork = 0.065;
const leastHeldOut = 100;
/** Where disagreement rises faster than this from the most confident 30% to 60%, the network errs even where it is confident. */
const steep = 0.08;

/**
 * Chooses among the estimates by what the run was like, with the 95% binomial interval, widened to the rivals that the case leaves
 * open.
 *
 * Samples held out say it by the likelihood of their labels (`uniformNoise`), where noise of any class explains them better than none
 * does, or where their disagreement shows a weak network: then it is an upper bound. Noise between certain classes does not
 * show there, as the network has learned it. Then the last epochs say it where they have not memorized the labels. Where they have,
 * samples held out say it by the mean of the disagreement among the most confident 30% and 60%. The shorter they were held out, the
 * more the network erred where it is confident, and the rate is too high; the joint of the informative epochs is too low, as those had begun
 * to memorize: it is averaged in, with the weight of `informativeWeight`.
 *
 * The thresholds were chosen on other runs than those of the first table of docs/label-issues.md.
 */
export function estimateNoiseRate(evidence: RateEvidence): NoiseRate {
  const { lateDisagreement, informativeDisagreement, informativeJoint } = evidence;
  const heldOut = evidence.heldOut === null || evidence.heldOut.samples < leastHeldOut ? null : evidence.heldOut;
  if (heldOut !== null && (heldOut.uniform.gain >= leastGain || isWeak(heldOut))) return likelihoodRate(heldOut);
  if (lateDisagreement >= memorized * informativeDisagreement) return lateRate(evidence);
  return heldOut === null ? memorizedRate(evidence) : heldOutRate(heldOut, informativeJoint);
}

const isWeak = ({ most, majority }: HeldOutRate) => majority - most > steep;

/** Without a gain there may still be noise between certain classes: up to the disagreement where the network is confident. */
function likelihoodRate({ uniform, most, samples }: HeldOutRate): NoiseRate {
  const rate = uniformRate(uniform, samples);
  return uniform.gain >= leastGain ? rate : { ...rate, high: Math.max(rate.high, most) };
}

/**
 * Of the last epochs of a run that has not memorized its labels. Where the network disagrees with more labels than the joint counts,
 * it errs, or has memorized some: margins that separate into two components tell which, and their mixture is the estimate.
 */
function lateRate({ lateJoint, lateAgreement, lateDisagreement, margins, samples }: RateEvidence): NoiseRate {
  if (lateDisagreement - lateJoint <= weakNetwork) return rateOf("late joint", lateJoint, [lateAgreement], samples);
  if (margins === 0) return rateOf("late agreement", lateAgreement, [lateJoint], samples);
  return rateOf("margins", margins, [margins / marginError, margins * marginError, lateDisagreement], samples);
}

/** A network that disagrees with more of the labels that it is most confident about may be weak rather than the labels wrong. */
const mostOfGoodNetworks = 0.25;

function heldOutRate({ most, majority, position, samples }: HeldOutRate, informative: number): NoiseRate {
  const confident = (most + majority) / 2;
  const weight = informativeWeight(position);
  const gap = Math.max(0, confident - informative);
  const count = majorityShare * samples;
  const rivals = most > mostOfGoodNetworks ? [0, most, majority] : [most, majority];
  return weight === 0
    ? rateOf("held-out agreement", confident, rivals, count)
    : rateOf(
        "held-out and informative views",
        confident - weight * gap,
        [confident - 2 * weight * gap, confident, ...rivals],
        count,
      );
}

/** The interval of the rate among these samples, widened by how far the rate of all labels may lie from theirs by chance. */
function uniformRate({ rate, low, high }: UniformNoise, samples: number): NoiseRate {
  const chance = 1.96 * Math.sqrt((rate * (1 - rate)) / samples);
  return {
    estimate: rate,
    low: Math.max(0, rate - Math.hypot(rate - low, chance)),
    high: Math.min(1, rate + Math.hypot(high - rate, chance)),
    method: "held-out likelihood",
  };
}

/** Half for samples held out for 15% of training or less, falling to nothing at 45%. */
function informativeWeight(position: number): number {
  return 0.5 * Math.min(1, Math.max(0, (0.45 - position) / 0.3));
}

/** Where the labels were memorized and none were held out: anything from 0 to the highest of the rivals. */
function memorizedRate({ margins, informativeJoint, informativeDisagreement, samples }: RateEvidence): NoiseRate {
  return margins > 0
    ? rateOf("margins", margins, [informativeJoint, informativeDisagreement, margins * marginError], samples)
    : rateOf("informative joint", informativeJoint, [0, informativeDisagreement], samples);
}

/** The fractions of each predicted class that count as its most confident ones. */
const [mostShare, majorityShare] = [0.3, 0.6];

/** Of probabilities (n, classes) for samples not trained on, and their labels (n). */
export function rateOfHeldOut(
  probabilities: Float32Array,
  labels: Int32Array,
  classes: number,
  position: number,
): HeldOutRate {
  return {
    most: confidentDisagreement(probabilities, labels, classes, mostShare),
    majority: confidentDisagreement(probabilities, labels, classes, majorityShare),
    uniform: uniformNoise(probabilities, labels, classes),
    position,
    samples: labels.length,
  };
}

/**
 * Of probabilities for samples not trained on: by the likelihood of their labels where that shows noise; else the rate of their
 * confident joint. Of a weak network that is too high, so that the interval reaches to the disagreement among the most confident 30%,
 * where there are samples enough to take it of.
 */
export function rateOfProbabilities(
  joint: number,
  probabilities: Float32Array,
  labels: Int32Array,
  classes: number,
): NoiseRate {
  const uniform = uniformNoise(probabilities, labels, classes);
  if (uniform.gain >= leastGain) return uniformRate(uniform, labels.length);
  const confident = confidentDisagreement(probabilities, labels, classes, mostShare);
  return rateOf("confident joint", joint, labels.length < leastHeldOut ? [] : [confident], labels.length);
}

/** A rate with its 95% normal range over `count` samples, widened to the rivals. */
function rateOf(method: NoiseRateMethod, estimate: number, rivals: readonly number[], count: number): NoiseRate {
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
  return labels.length === 0 ? 0 : estimatedErrorRate(confidentJoint(probabilities, labels));
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
