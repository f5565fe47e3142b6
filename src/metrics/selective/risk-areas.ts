// Areas under the risk-coverage curve.
import type { Correctness } from "../arrays.js";
import { rocArea } from "../ranking.js";
import { type RiskCounts, riskCounts } from "./risk-counts.js";

/**
 * Area under the risk-coverage curve: the risk averaged over the samples' confidences as thresholds.
 *
 * AURC = 1/n sum_i risk{ j : confidence_j >= confidence_i }; 0 without errors.
 * confidence (n), correct (n).
 * @throws RangeError as `riskCoverage` does.
 * @see Geifman et al. 2019, section 2 (arXiv 1805.08206)
 */
export function areaUnderRiskCoverage(confidence: ArrayLike<number>, correct: Correctness): number {
  return riskCoverageArea(riskCounts(confidence, correct));
}

/**
 * Excess area under the risk-coverage curve (E-AURC): AURC minus that of the best possible ranking at this error.
 *
 * E-AURC = AURC - 1/n sum_{k=n-e+1..n} (k - n + e) / k, e of n predictions being wrong: the exact discrete optimum, all
 * wrong predictions ranked below all correct ones without ties, so that a perfect ranking has 0 at every n. (The authors write its limit for
 * many samples, r + (1 - r) ln(1 - r) with r = e/n, which lies below it by about r / 2n.)
 * confidence (n), correct (n).
 * @throws RangeError as `riskCoverage` does.
 * @see Geifman et al. 2019 (arXiv 1805.08206)
 */
export function excessAreaUnderRiskCoverage(confidence: ArrayLike<number>, correct: Correctness): number {
  return excessRiskCoverageArea(riskCounts(confidence, correct));
}

/**
 * Area under the generalized risk-coverage curve (AUGRC): the fraction of samples covered and wrong, averaged over thresholds.
 *
 * AUGRC = 1/n sum_i #{ j : confidence_j >= confidence_i, j wrong } / n; at most 1/2 + 1/2n without ties. The thresholds
 * and ties are those of AURC; without ties it is (1 - AUROC) r (1 - r) + e (e + 1) / 2n^2, e of n predictions being wrong,
 * r = e/n.
 * confidence (n), correct (n).
 * @throws RangeError as `riskCoverage` does.
 * @see Traub et al. 2024 (arXiv 2407.01032)
 */
export function areaUnderGeneralizedRisk(confidence: ArrayLike<number>, correct: Correctness): number {
  return generalizedRiskArea(riskCounts(confidence, correct));
}

/**
 * Failure AUROC: the probability that a correct prediction is more confident than a wrong one, ties counted half.
 *
 * The area under the ROC curve of the confidence, correct predictions being positive; null where all or none are correct.
 * It depends on the ranking alone: a network with more errors may have the higher one.
 * confidence (n), correct (n).
 * @throws RangeError on NaN and on lengths that differ.
 * @see Hendrycks and Gimpel 2017 (arXiv 1610.02136)
 */
export function failureAuroc(confidence: ArrayLike<number>, correct: Correctness): number | null {
  const area = rocArea(riskCounts(confidence, correct));
  return Number.isNaN(area) ? null : area;
}

/** AURC from counts; a group without samples adds nothing. */
export function riskCoverageArea({ covered, wrong, samples }: RiskCounts): number {
  let [area, before] = [0, 0];
  for (let group = 0; group < covered.length; group++) {
    const count = covered[group]!;
    if (count > before) area += ((count - before) * wrong[group]!) / count;
    before = count;
  }
  return area / samples;
}

/** E-AURC from counts. */
export function excessRiskCoverageArea(counts: RiskCounts): number {
  const { samples, errors } = counts;
  let least = 0;
  for (let covered = samples - errors + 1; covered <= samples; covered++) {
    least += (covered - samples + errors) / covered;
  }
  return riskCoverageArea(counts) - least / samples;
}

/** AUGRC from counts. */
export function generalizedRiskArea({ covered, wrong, samples }: RiskCounts): number {
  let [area, before] = [0, 0];
  for (let group = 0; group < covered.length; group++) {
    area += (covered[group]! - before) * wrong[group]!;
    before = covered[group]!;
  }
  return area / samples / samples;
}
