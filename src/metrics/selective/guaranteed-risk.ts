// Selection with guaranteed risk: a confidence threshold whose error rate on new samples is bounded.
import { requireProbability } from "../../options/ranges.js";
import { type Correctness, checkConfidence } from "../arrays.js";
import { binomialTailInversion } from "../intervals/binomial-tail.js";
import { countRisk, groupCovering, type RiskCounts, rankByConfidence } from "./risk-counts.js";

export interface RiskLimit {
  /** The largest acceptable error rate of the covered samples, above 0 and below 1. */
  readonly risk: number;
  /** The probability that the guarantee fails, above 0 and below 1: 0.001 for 99.9% confidence. */
  readonly delta: number;
}

export interface GuaranteedRisk {
  /** Predict where confidence >= threshold, abstain elsewhere. */
  readonly threshold: number;
  /** The upper bound of the risk on new samples, with probability 1 - delta. */
  readonly bound: number;
  /** The error rate of the samples at or above the threshold, and their fraction of all. */
  readonly risk: number;
  readonly coverage: number;
}

/**
 * Selection with guaranteed risk: the threshold of largest coverage whose risk is guaranteed to be at most `risk`.
 *
 * A binary search over the n ranked confidences, ceil(log2 n) steps. Each takes a sample's confidence as the threshold,
 * counts the m_i samples at or above it, ties included, and the e_i wrong ones among them, and moves to a larger coverage
 * where B*(e_i, m_i, delta / ceil(log2 n)) <= risk, to a smaller one elsewhere (`binomialTailInversion`). Of the
 * thresholds that passed, the last has the largest coverage; null where none passed, so that nothing is guaranteed.
 *
 * The guarantee: P( true risk > bound ) <= delta over samples drawn independently from the same distribution, delta being
 * divided among the steps (union bound) of one search path. Where the true risk falls as the threshold rises, no other path
 * leads to a threshold that violates it; elsewhere the paper's argument applies as it is. Two things differ from the paper:
 * the search begins below the lowest rank, in equally many steps, so that full coverage can be guaranteed too; and the last
 * threshold that passed is returned, not the last one tried.
 *
 * confidence (n), correct (n): of held-out samples, not of those trained on.
 * @throws RangeError on a risk or delta outside (0, 1), NaN, and lengths that differ.
 * @see Geifman and El-Yaniv 2017, algorithm 1 (arXiv 1705.08500)
 */
export function guaranteedRisk(
  confidence: ArrayLike<number>,
  correct: Correctness,
  { risk, delta }: RiskLimit,
): GuaranteedRisk | null {
  checkConfidence(confidence, correct);
  requireProbability("risk", risk);
  requireProbability("delta", delta);
  const ranking = rankByConfidence(confidence);
  const counts = countRisk(ranking, correct);
  const passed = search(counts, risk, delta / Math.max(1, Math.ceil(Math.log2(counts.samples))));
  if (passed === null) return null;
  const [group, bound] = passed;
  const covered = counts.covered[group]!;
  return {
    threshold: ranking.thresholds[group]!,
    bound,
    risk: counts.wrong[group]! / covered,
    coverage: covered / counts.samples,
  };
}

/** The group of largest coverage among those that pass in the search, and its bound. */
function search(counts: RiskCounts, risk: number, delta: number): [group: number, bound: number] | null {
  let [passing, failing] = [1, counts.samples + 1];
  let best: [number, number] | null = null;
  while (failing - passing > 1) {
    const rank = Math.floor((passing + failing) / 2);
    const group = groupCovering(counts, rank);
    const bound = binomialTailInversion(counts.wrong[group]!, counts.covered[group]!, delta);
    if (bound <= risk) [passing, best] = [rank, [group, bound]];
    else failing = rank;
  }
  return best;
}
