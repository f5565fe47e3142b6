// How well a score ranks positives above negatives.
import { countRisk, type RiskCounts, rankByConfidence } from "./selective/risk-counts.js";

/**
 * Area under the ROC curve: the chance that a positive drawn at random scores above a negative drawn at random.
 *
 * AUC = mean over pairs of [s_p > s_n] + 1/2 [s_p = s_n]; 0.5 for random scores. By sorting, O(n log n).
 *
 * scores (n), positives (n).
 * @throws RangeError on NaN, lengths that differ, and where all or none are positive.
 * @see Fawcett 2006, "An introduction to ROC analysis", algorithm 3 (Pattern Recognition Letters 27)
 */
export function areaUnderRoc(scores: ArrayLike<number>, positives: ArrayLike<number | boolean>): number {
  const counts = rank(scores, positives);
  if (counts.errors === 0) throw new RangeError(`all ${scores.length} samples are positive: expected some negative`);
  return rocArea(counts);
}

/**
 * Average precision: the precision at each distinct score, weighted by the recall that it adds.
 *
 * AP = sum_k (R_k - R_{k-1}) P_k over the distinct scores from the highest down, without interpolation; ties enter
 * together, so the order of the samples does not matter. Random scores give about the fraction of positives.
 *
 * scores (n), positives (n).
 * @throws RangeError on NaN, lengths that differ, and where none is positive.
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.average_precision_score.html
 */
export function averagePrecision(scores: ArrayLike<number>, positives: ArrayLike<number | boolean>): number {
  const { covered, wrong, samples, errors } = rank(scores, positives);
  let [sum, before] = [0, 0];
  for (let group = 0; group < covered.length; group++) {
    const retrieved = covered[group]! - wrong[group]!;
    sum += ((retrieved - before) / (samples - errors)) * (retrieved / covered[group]!);
    before = retrieved;
  }
  return sum;
}

/** The area under the ROC curve from counts, correct predictions being positive; NaN where all or none are correct. */
export function rocArea({ covered, wrong, samples, errors }: RiskCounts): number {
  let [pairs, wrongBefore, correctBefore] = [0, 0, 0];
  for (let group = 0; group < covered.length; group++) {
    const correct = covered[group]! - wrong[group]!;
    pairs += ((wrong[group]! - wrongBefore) * (correct + correctBefore)) / 2;
    [wrongBefore, correctBefore] = [wrong[group]!, correct];
  }
  return pairs / (errors * (samples - errors));
}

/** The counts, with positives as correct predictions and negatives as wrong ones. */
function rank(scores: ArrayLike<number>, positives: ArrayLike<number | boolean>): RiskCounts {
  const n = scores.length;
  if (positives.length !== n)
    throw new RangeError(`${n} scores for ${positives.length} outcomes: expected one for each`);
  const invalid = Array.prototype.findIndex.call(scores, Number.isNaN);
  if (invalid >= 0) throw new RangeError(`score ${invalid} is NaN: expected a number`);
  const counts = countRisk(rankByConfidence(scores), positives);
  if (counts.errors === n) throw new RangeError(`none of ${n} samples is positive: expected at least one`);
  return counts;
}
