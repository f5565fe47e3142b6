// How well a score puts the samples looked for before the others.

/** The samples ranked: one score each, and whether it is one of those looked for. */
interface Ranked {
  /** The samples at or above each distinct score, from the highest score down. */
  readonly steps: readonly { readonly positives: number; readonly negatives: number }[];
  readonly positives: number;
  readonly negatives: number;
}

/**
 * Area under the ROC curve: the chance that a positive drawn at random scores above a negative drawn at random.
 *
 * AUC = mean over pairs of [s_p > s_n] + 1/2 [s_p = s_n]; 0.5 for scores that know nothing. By sorting, O(n log n).
 *
 * scores (n), positives (n). Throws a RangeError on NaN, lengths that differ, and where all or none are positive.
 * @see Fawcett 2006, "An introduction to ROC analysis", algorithm 3 (Pattern Recognition Letters 27)
 */
export function areaUnderRoc(scores: ArrayLike<number>, positives: ArrayLike<number | boolean>): number {
  const ranked = rank(scores, positives);
  if (ranked.negatives === 0) throw new RangeError(`all ${scores.length} samples are positive: expected some negative`);
  let area = 0;
  let before = { positives: 0, negatives: 0 };
  for (const step of ranked.steps) {
    area += ((step.negatives - before.negatives) * (step.positives + before.positives)) / 2;
    before = step;
  }
  return area / (ranked.positives * ranked.negatives);
}

/**
 * Average precision: the precision at each distinct score, weighted by the recall that it adds.
 *
 * AP = sum_k (R_k - R_{k-1}) P_k over the distinct scores from the highest down, without interpolation; ties enter
 * together, so the order of the samples does not matter. Scores that know nothing give about the share of positives.
 *
 * scores (n), positives (n). Throws a RangeError on NaN, lengths that differ, and where none is positive.
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.average_precision_score.html
 */
export function averagePrecision(scores: ArrayLike<number>, positives: ArrayLike<number | boolean>): number {
  const ranked = rank(scores, positives);
  let [sum, before] = [0, 0];
  for (const step of ranked.steps) {
    const precision = step.positives / (step.positives + step.negatives);
    sum += ((step.positives - before) / ranked.positives) * precision;
    before = step.positives;
  }
  return sum;
}

function rank(scores: ArrayLike<number>, labels: ArrayLike<number | boolean>): Ranked {
  const n = scores.length;
  if (labels.length !== n) throw new RangeError(`${n} scores for ${labels.length} outcomes: expected one for each`);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const steps: { positives: number; negatives: number }[] = [];
  let [positives, negatives] = [0, 0];
  order.forEach((sample, k) => {
    if (Number.isNaN(scores[sample])) throw new RangeError(`score ${sample} is NaN: expected a number`);
    if (labels[sample]) positives += 1;
    else negatives += 1;
    if (k + 1 === n || scores[order[k + 1]!] !== scores[sample]) steps.push({ positives, negatives });
  });
  if (positives === 0) throw new RangeError(`none of ${n} samples is positive: expected at least one`);
  return { steps, positives, negatives };
}
