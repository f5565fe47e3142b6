// Whether one confidence score ranks samples better than another, on the same predictions.
import { type Correctness, checkConfidence } from "../arrays.js";
import { type BootstrapOptions, bootstrapIntervals, type Interval } from "../intervals/bootstrap.js";
import { riskCoverageArea } from "./risk-areas.js";
import { countRisk, rankByConfidence } from "./risk-counts.js";

/** A difference of areas; negative where the other ranking is the better one. */
export interface AreaDifference {
  readonly value: number;
  /** Of resampled samples, both rankings on the same ones. */
  readonly interval: Interval;
}

/**
 * AURC of other confidences minus that of a base, each with its bootstrap interval.
 *
 * base (n), others each (n), correct (n). Both areas of a difference are of the same resamples, so what makes a resample easy or
 * hard cancels.
 * @throws RangeError as `areaUnderRiskCoverage` does.
 * @see areaUnderRiskCoverage
 */
export function areaDifferences(
  base: ArrayLike<number>,
  others: readonly ArrayLike<number>[],
  correct: Correctness,
  options: BootstrapOptions = {},
): AreaDifference[] {
  for (const confidence of [base, ...others]) checkConfidence(confidence, correct);
  const rankings = [base, ...others].map(rankByConfidence);
  const measure = (times: Uint32Array) => {
    const [first = 0, ...rest] = rankings.map((ranking) => riskCoverageArea(countRisk(ranking, correct, times)));
    return rest.map((area) => area - first);
  };
  const values = measure(new Uint32Array(correct.length).fill(1));
  const intervals = bootstrapIntervals(correct.length, measure, options);
  return values.map((value, k) => ({ value, interval: intervals[k]! }));
}
