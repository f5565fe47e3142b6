// Selective classification: the error rate of the most confident samples.
import { requireFraction } from "../../options/ranges.js";
import { type Correctness, checkConfidence } from "../arrays.js";
import {
  countRisk,
  groupCovering,
  type RiskCounts,
  rankByConfidence,
  riskCounts,
  samplesAtCoverage,
} from "./risk-counts.js";

/** The samples of at least this confidence: their fraction of all, and their error rate. */
export interface RiskCoveragePoint {
  readonly confidence: number;
  readonly coverage: number;
  readonly risk: number;
}

/** The coverages of the paper's tables, in percent. */
export const defaultCoverages: readonly number[] = [100, 95, 90, 85, 80, 75, 70];

/**
 * The risk-coverage curve: one point for each distinct confidence, from the highest to the lowest.
 *
 * Equal confidences enter together, so the curve does not depend on the order of the samples.
 * confidence (n), correct (n).
 * @throws RangeError on NaN and on lengths that differ.
 */
export function riskCoverage(confidence: ArrayLike<number>, correct: Correctness): RiskCoveragePoint[] {
  checkConfidence(confidence, correct);
  const ranking = rankByConfidence(confidence);
  const { covered, wrong, samples } = countRisk(ranking, correct);
  return Array.from(ranking.thresholds, (threshold, group) => ({
    confidence: threshold,
    coverage: covered[group]! / samples,
    risk: wrong[group]! / covered[group]!,
  }));
}

/**
 * The error rate at each coverage (percent of the samples), keyed by the coverage: {"100": 0.06, ...}.
 *
 * The threshold is that of `thresholdAtCoverage`; the error is that of all samples at or above it, so ties at the
 * threshold are all covered. This is the authors' rule.
 * confidence (n), correct (n).
 * @throws RangeError on a coverage outside (0, 100], NaN, and lengths that differ.
 * @see Huang et al. 2022, table 7 (arXiv 2101.08732)
 */
export function errorAtCoverage(
  confidence: ArrayLike<number>,
  correct: Correctness,
  coverages: readonly number[] = defaultCoverages,
): Record<string, number> {
  const counts = riskCounts(confidence, correct);
  return Object.fromEntries(coverages.map((coverage) => [String(coverage), errorAt(counts, coverage)]));
}

/**
 * The threshold for a target coverage (percent of the samples): predict where confidence >= threshold.
 *
 * The confidence of the k-th most confident sample, k = floor(coverage * n / 100) and at least 1; with ties at the
 * threshold more samples are covered, never fewer.
 * confidence (n).
 * @throws RangeError on a coverage outside (0, 100] and on NaN.
 */
export function thresholdAtCoverage(confidence: ArrayLike<number>, coverage: number): number {
  checkConfidence(confidence, confidence);
  const { order } = rankByConfidence(confidence);
  return confidence[order[samplesAtCoverage(coverage, order.length) - 1]!]!;
}

/**
 * The largest coverage, from 0 to 1, at which the error rate is at most `risk`; 0 where there is none.
 *
 * max{ coverage : risk at coverage <= risk } over the points of `riskCoverage`: the curve may exceed the risk at smaller
 * coverages. It guarantees nothing for new samples; `guaranteedRisk` does.
 * confidence (n), correct (n).
 * @throws RangeError on a risk outside [0, 1], NaN, and lengths that differ.
 * @see Geifman and El-Yaniv 2017 (arXiv 1705.08500)
 */
export function coverageAtRisk(confidence: ArrayLike<number>, correct: Correctness, risk: number): number {
  requireFraction("risk", risk);
  const { covered, wrong, samples } = riskCounts(confidence, correct);
  const group = covered.findLastIndex((count, k) => wrong[k]! / count <= risk);
  return group < 0 ? 0 : covered[group]! / samples;
}

/** The error rate at a coverage, as `errorAtCoverage`, from counts. */
export function errorAt(counts: RiskCounts, coverage: number): number {
  const group = groupCovering(counts, samplesAtCoverage(coverage, counts.samples));
  return counts.wrong[group]! / counts.covered[group]!;
}
