// One figure for the whole risk-coverage curve: its area, and what of it the confidence is to blame for.
import type { Correctness } from "../arrays.js";
import { rocArea } from "../ranking.js";
import { type RiskCounts, riskCounts } from "./risk-counts.js";

/**
 * Area under the risk-coverage curve: the risk averaged over the thresholds that the samples' own confidences set.
 *
 * AURC = 1/n sum_i risk{ j : confidence_j >= confidence_i }; 0 is a network without errors.
 * confidence (n), correct (n). Throws as `riskCoverage` does.
 * @see Geifman et al. 2019, section 2 (arXiv 1805.08206)
 */
export function areaUnderRiskCoverage(confidence: ArrayLike<number>, correct: Correctness): number {
  return riskCoverageArea(riskCounts(confidence, correct));
}

/**
 * Excess area under the risk-coverage curve (E-AURC): AURC less the least that any confidence reaches at this error.
 *
 * E-AURC = AURC - 1/n sum_{k=n-e+1..n} (k - n + e) / k, e of n answers being wrong: the exact discrete optimum, all wrong
 * answers behind all right ones and no ties, so that a perfect order has 0 at every n. (The authors write its limit for
 * many samples, r + (1 - r) ln(1 - r) with r = e/n, which lies below it by about r / 2n.)
 * confidence (n), correct (n). Throws as `riskCoverage` does.
 * @see Geifman et al. 2019 (arXiv 1805.08206)
 */
export function excessAreaUnderRiskCoverage(confidence: ArrayLike<number>, correct: Correctness): number {
  return excessRiskCoverageArea(riskCounts(confidence, correct));
}

/**
 * Area under the generalised risk-coverage curve (AUGRC): how often an answer is given and wrong, averaged over thresholds.
 *
 * AUGRC = 1/n sum_i #{ j : confidence_j >= confidence_i, j wrong } / n; at most 1/2 + 1/2n without ties. The thresholds
 * and ties are those of AURC; without ties it is (1 - AUROC) r (1 - r) + e (e + 1) / 2n^2, e of n answers being wrong,
 * r = e/n.
 * confidence (n), correct (n). Throws as `riskCoverage` does.
 * @see Traub et al. 2024 (arXiv 2407.01032)
 */
export function areaUnderGeneralisedRisk(confidence: ArrayLike<number>, correct: Correctness): number {
  return generalisedRiskArea(riskCounts(confidence, correct));
}

/**
 * Failure AUROC: the chance that a right answer is more confident than a wrong one, ties counted half.
 *
 * The area under the ROC curve of the confidence, right answers being the positives; null where all or none are right.
 * It judges the order alone: a network with more errors may have the higher one.
 * confidence (n), correct (n). Throws a RangeError on NaN and on lengths that differ.
 * @see Hendrycks and Gimpel 2017 (arXiv 1610.02136)
 */
export function failureAuroc(confidence: ArrayLike<number>, correct: Correctness): number | null {
  const area = rocArea(riskCounts(confidence, correct));
  return Number.isNaN(area) ? null : area;
}

/** AURC from counts; a group without samples adds nothing. */
export function riskCoverageArea({ answered, wrong, samples }: RiskCounts): number {
  let [area, before] = [0, 0];
  for (let group = 0; group < answered.length; group++) {
    const covered = answered[group]!;
    if (covered > before) area += ((covered - before) * wrong[group]!) / covered;
    before = covered;
  }
  return area / samples;
}

/** E-AURC from counts. */
export function excessRiskCoverageArea(counts: RiskCounts): number {
  const { samples, errors } = counts;
  let least = 0;
  for (let answered = samples - errors + 1; answered <= samples; answered++) {
    least += (answered - samples + errors) / answered;
  }
  return riskCoverageArea(counts) - least / samples;
}

/** AUGRC from counts. */
export function generalisedRiskArea({ answered, wrong, samples }: RiskCounts): number {
  let [area, before] = [0, 0];
  for (let group = 0; group < answered.length; group++) {
    area += (answered[group]! - before) * wrong[group]!;
    before = answered[group]!;
  }
  return area / samples / samples;
}
