// Selective classification: how wrong the network is on the samples that it is most confident of.
import { type Correctness, checkConfidence } from "./arrays.js";

/** The samples with at least some confidence: their share of all, and the share of wrong answers among them. */
export interface RiskCoveragePoint {
  readonly confidence: number;
  readonly coverage: number;
  readonly risk: number;
}

/**
 * The risk-coverage curve: one point for each distinct confidence, from the highest to the lowest.
 *
 * Equal confidences enter together, so the curve does not depend on the order of the samples.
 * confidence (n), correct (n). Throws a RangeError on NaN and on lengths that differ.
 */
export function riskCoverage(confidence: ArrayLike<number>, correct: Correctness): RiskCoveragePoint[] {
  checkConfidence(confidence, correct);
  const n = confidence.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => confidence[b]! - confidence[a]!);
  const points: RiskCoveragePoint[] = [];
  let wrong = 0;
  order.forEach((sample, k) => {
    if (!correct[sample]) wrong += 1;
    const next = order[k + 1];
    if (next !== undefined && confidence[next] === confidence[sample]) return;
    points.push({ confidence: confidence[sample]!, coverage: (k + 1) / n, risk: wrong / (k + 1) });
  });
  return points;
}

/**
 * The error at each coverage (per cent of the samples), a fraction of 1, keyed by the coverage: {"100": 0.06, ...}.
 *
 * The threshold is the confidence of the k-th most confident sample, k = floor(coverage * n / 100) and at least 1; the
 * error is that of all samples at or above it, so ties at the threshold are all answered. This is the authors' rule.
 * confidence (n), correct (n). Throws a RangeError on a coverage outside (0, 100], NaN, and lengths that differ.
 * @see Huang et al. 2022, table 7 (arXiv 2101.08732)
 */
export function errorAtCoverage(
  confidence: ArrayLike<number>,
  correct: Correctness,
  coverages: readonly number[] = [100, 95, 90, 85, 80, 75, 70],
): Record<string, number> {
  const curve = riskCoverage(confidence, correct);
  return Object.fromEntries(
    coverages.map((coverage) => [String(coverage), riskAt(curve, coverage, confidence.length)]),
  );
}

/**
 * Area under the risk-coverage curve: the risk averaged over the thresholds that the samples' own confidences set.
 *
 * AURC = 1/n sum_i risk{ j : confidence_j >= confidence_i }; 0 is a network without errors.
 * confidence (n), correct (n). Throws as `riskCoverage` does.
 * @see Geifman et al. 2019, section 2 (arXiv 1805.08206)
 */
export function areaUnderRiskCoverage(confidence: ArrayLike<number>, correct: Correctness): number {
  let area = 0;
  let covered = 0;
  for (const { coverage, risk } of riskCoverage(confidence, correct)) {
    area += risk * (coverage - covered);
    covered = coverage;
  }
  return area;
}

function riskAt(curve: readonly RiskCoveragePoint[], coverage: number, n: number): number {
  if (!(coverage > 0 && coverage <= 100)) {
    throw new RangeError(`coverage ${coverage}: expected per cent of the samples, above 0 and at most 100`);
  }
  const k = Math.max(1, Math.floor((coverage * n) / 100));
  return curve.find((point) => Math.round(point.coverage * n) >= k)!.risk;
}
