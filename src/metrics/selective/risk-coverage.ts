// Selective classification: how wrong the network is on the samples that it is most confident of.
import { type Correctness, checkConfidence } from "../arrays.js";
import {
  countRisk,
  groupAnswering,
  type RiskCounts,
  rankByConfidence,
  riskCounts,
  samplesAtCoverage,
} from "./risk-counts.js";

/** The samples with at least some confidence: their share of all, and the share of wrong answers among them. */
export interface RiskCoveragePoint {
  readonly confidence: number;
  readonly coverage: number;
  readonly risk: number;
}

/** The coverages of the tables, per cent. */
export const usualCoverages: readonly number[] = [100, 95, 90, 85, 80, 75, 70];

/**
 * The risk-coverage curve: one point for each distinct confidence, from the highest to the lowest.
 *
 * Equal confidences enter together, so the curve does not depend on the order of the samples.
 * confidence (n), correct (n). Throws a RangeError on NaN and on lengths that differ.
 */
export function riskCoverage(confidence: ArrayLike<number>, correct: Correctness): RiskCoveragePoint[] {
  checkConfidence(confidence, correct);
  const ranking = rankByConfidence(confidence);
  const { answered, wrong, samples } = countRisk(ranking, correct);
  return Array.from(ranking.thresholds, (threshold, group) => ({
    confidence: threshold,
    coverage: answered[group]! / samples,
    risk: wrong[group]! / answered[group]!,
  }));
}

/**
 * The error at each coverage (per cent of the samples), a fraction of 1, keyed by the coverage: {"100": 0.06, ...}.
 *
 * The threshold is that of `thresholdAtCoverage`; the error is that of all samples at or above it, so ties at the
 * threshold are all answered. This is the authors' rule.
 * confidence (n), correct (n). Throws a RangeError on a coverage outside (0, 100], NaN, and lengths that differ.
 * @see Huang et al. 2022, table 7 (arXiv 2101.08732)
 */
export function errorAtCoverage(
  confidence: ArrayLike<number>,
  correct: Correctness,
  coverages: readonly number[] = usualCoverages,
): Record<string, number> {
  const counts = riskCounts(confidence, correct);
  return Object.fromEntries(coverages.map((coverage) => [String(coverage), errorAt(counts, coverage)]));
}

/**
 * The threshold for a wanted coverage (per cent of the samples): answer where confidence >= threshold.
 *
 * The confidence of the k-th most confident sample, k = floor(coverage * n / 100) and at least 1; with ties at the
 * threshold more samples than wanted are answered, never fewer.
 * confidence (n). Throws a RangeError on a coverage outside (0, 100] and on NaN.
 */
export function thresholdAtCoverage(confidence: ArrayLike<number>, coverage: number): number {
  checkConfidence(confidence, confidence);
  const { order } = rankByConfidence(confidence);
  return confidence[order[samplesAtCoverage(coverage, order.length) - 1]!]!;
}

/**
 * The largest coverage, a fraction of 1, at which the share of wrong answers is no more than `risk`; 0 where none is.
 *
 * max{ coverage : risk <= wanted } over the points of `riskCoverage`: the curve may lie above the wanted risk at smaller
 * coverages. It promises nothing for new samples: that is `guaranteedRisk`.
 * confidence (n), correct (n). Throws a RangeError on a risk outside [0, 1], NaN, and lengths that differ.
 * @see Geifman and El-Yaniv 2017 (arXiv 1705.08500)
 */
export function coverageAtRisk(confidence: ArrayLike<number>, correct: Correctness, risk: number): number {
  if (!(risk >= 0 && risk <= 1)) throw new RangeError(`risk ${risk}: expected a fraction from 0 to 1`);
  const { answered, wrong, samples } = riskCounts(confidence, correct);
  const group = answered.findLastIndex((count, k) => wrong[k]! / count <= risk);
  return group < 0 ? 0 : answered[group]! / samples;
}

/** The error at a coverage, as `errorAtCoverage`, from counts. */
export function errorAt(counts: RiskCounts, coverage: number): number {
  const group = groupAnswering(counts, samplesAtCoverage(coverage, counts.samples));
  return counts.wrong[group]! / counts.answered[group]!;
}
