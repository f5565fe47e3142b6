// The noise rate of a run: estimators for runs that memorized their labels and for runs that did not.
import { confidentJoint, estimatedErrorRate } from "../../../metrics/index.js";
import type { ChanceTest } from "./chance.js";
import {
  agreementOf,
  agreementRate,
  confusionRate,
  type HeldOutOfRun,
  leastHeldOut,
  likelihoodRate,
  showsNoise,
} from "./held-out-rate.js";
import { type NoiseRate, rateOf, unknownRate } from "./noise-rate.js";

/** Statistics of a run and its labels; "disagreement" is the fraction of samples predicted otherwise than labeled. */
export interface RateEvidence {
  readonly late: LateEvidence;
  /** Of the views weighted by how informative their epochs are. */
  readonly informative: { readonly joint: number; readonly disagreement: number };
  /** Two-component mixture of the margins. */
  readonly margins: number;
  /** Null where no sample was held out until the targets' start. */
  readonly heldOut: HeldOutOfRun | null;
  readonly samples: number;
}

/** Of the last epochs. */
export interface LateEvidence {
  /** Confident joint. */
  readonly joint: number;
  /** Disagreement among the most confident tenth of each predicted class. */
  readonly agreement: number;
  readonly disagreement: number;
  /** By how much disagreement fell in the last epoch; infinite after one epoch. */
  readonly drop: number;
  readonly chance: ChanceTest;
}

/** Below this fraction of the informative disagreement the last epochs have memorized their labels. */
const memorized = 0.6;
/** In runs that did not memorize their labels the mixture of margins was off by a factor of up to 1.25. */
const marginError = 1.25;
/** More disagreement than this beyond the joint's comes from a network too weak for the joint. */
const weakNetwork = 0.065;
/** A network that learns more than this in its last epoch was stopped before its errors are those of the labels. */
const learning = 0.05;

/**
 * Chooses among the estimates by what the run was like, with the 95% binomial interval, widened to the rivals that the case leaves
 * open.
 *
 * First the likelihood of the labels of samples held out (`uniformNoise`), where noise of any class explains them better than none
 * does, or where their disagreement shows a weak network: then it is an upper bound. Noise between certain classes does not
 * show there, as the network has learned it, but by `confusionNoise` where the network is weak or has memorized the labels. Then the last
 * epochs, where they have not memorized the labels. Where they have, the mean
 * of the disagreement among the most confident 30% and 60% of the samples held out. The shorter they were held out, the
 * more the network erred where it is confident, and the rate is too high; the joint of the informative epochs is too low, as those had begun
 * to memorize: it is averaged in.
 *
 * Unknown where the predictions are near chance, and, where none were held out, of a network that memorized its labels, right or wrong,
 * or was learning fast when training ended.
 *
 * The thresholds were chosen on other runs than those of the first table of docs/label-issues.md.
 */
export function estimateNoiseRate(evidence: RateEvidence): NoiseRate {
  const { late, informative } = evidence;
  const hasMemorized = late.disagreement < memorized * informative.disagreement;
  const enough = evidence.heldOut !== null && evidence.heldOut.samples >= leastHeldOut ? evidence.heldOut : null;
  const heldOut = enough === null || enough.chance.unknown !== null ? null : enough;
  const chance = enough !== null && hasMemorized ? enough.chance : late.chance;
  if (heldOut === null && chance.unknown !== null) return unknownRate(chance.unknown, chance.atMost);
  const isLearning = !hasMemorized && isLearningFast(evidence);
  if (heldOut !== null && showsNoise(heldOut)) return likelihoodRate(heldOut);
  if (heldOut?.confusions?.shows && (heldOut.weak || hasMemorized) && !isLearning)
    return confusionRate(heldOut, heldOut.confusions);
  if (heldOut !== null && (heldOut.weak || isLearning)) return likelihoodRate(heldOut);
  if (isLearning) return unknownRate("still learning", late.joint);
  if (!hasMemorized && late.chance.unknown === null) return lateRate(evidence, heldOut);
  return heldOut === null ? unknownRate("memorized", chance.atMost) : agreementRate(heldOut, informative.joint);
}

/** Whether disagreement fell in the last epoch by more than 5 points, and by more than chance between two epochs of so many samples. */
function isLearningFast({ late: { drop, disagreement }, samples }: RateEvidence): boolean {
  return drop > Math.max(learning, 1.96 * Math.sqrt((2 * disagreement * (1 - disagreement)) / samples));
}

/**
 * Of the last epochs of a run that has not memorized its labels. Where the network disagrees with more labels than the joint counts,
 * it errs, or has memorized some: margins that separate into two components tell which, and their mixture is the estimate. Samples held
 * out widen the interval to their estimate.
 */
function lateRate({ late, margins, samples }: RateEvidence, heldOut: HeldOutOfRun | null): NoiseRate {
  const { joint, agreement, disagreement } = late;
  const rivals = heldOut === null ? [] : [agreementOf(heldOut)];
  if (disagreement - joint <= weakNetwork) return rateOf("late joint", joint, [agreement, ...rivals], samples);
  if (margins === 0) return rateOf("late agreement", agreement, [joint, ...rivals], samples);
  const error = [margins / marginError, margins * marginError];
  return rateOf("margins", margins, [...error, disagreement, ...rivals], samples);
}

/** Off-diagonal fraction of the confident joint. @see Northcutt et al. 2021 (arXiv 1911.00068) */
export function jointRate(probabilities: Float32Array, labels: Int32Array): number {
  return labels.length === 0 ? 0 : estimatedErrorRate(confidentJoint(probabilities, labels));
}
