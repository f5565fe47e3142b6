// A threshold that promises: answers above it are wrong no more often than wanted, on new samples too.
import { type Correctness, checkConfidence } from "../arrays.js";
import { binomialTailInversion } from "../intervals/binomial-tail.js";
import { countRisk, groupAnswering, type RiskCounts, rankByConfidence } from "./risk-counts.js";

export interface RiskPromise {
  /** The largest share of wrong answers that is acceptable, above 0 and below 1. */
  readonly risk: number;
  /** How likely the promise may fail, above 0 and below 1: 0.001 for a promise with 99.9% confidence. */
  readonly delta: number;
}

export interface GuaranteedRisk {
  /** Answer where confidence >= threshold. */
  readonly threshold: number;
  /** What the risk on new samples does not exceed, with probability 1 - delta. */
  readonly bound: number;
  /** The share of wrong answers among the samples at or above the threshold, and how many of all these are. */
  readonly risk: number;
  readonly coverage: number;
}

/**
 * Selection with guaranteed risk: the threshold of largest coverage whose risk is promised to be no more than wanted.
 *
 * A binary search over the n ranked confidences, ceil(log2 n) steps. Each takes a sample's confidence as the threshold,
 * counts the m_i samples at or above it, ties included, and the e_i wrong ones among them, and moves to a larger coverage
 * where B*(e_i, m_i, delta / ceil(log2 n)) <= risk, to a smaller one elsewhere (`binomialTailInversion`). Of the
 * thresholds that passed, the last has the largest coverage; null where none passed, so that nothing can be promised.
 *
 * The promise: P( true risk > bound ) <= delta over samples drawn independently like those to come, delta being shared
 * by the steps (union bound). The share counts the steps of one path. Where the true risk falls as the threshold rises,
 * no other path leads to a threshold that breaks the promise; where it does not, the paper's argument is all there is.
 * Two things differ from the paper: the search begins below the lowest rank, in as many steps, so that answering
 * everything can be promised too; and what is returned is the last threshold that passed, not the last one tried.
 *
 * confidence (n), correct (n): held-out samples, not those learnt from. Throws a RangeError on a risk or delta outside
 * (0, 1), NaN, and lengths that differ.
 * @see Geifman and El-Yaniv 2017, algorithm 1 (arXiv 1705.08500)
 */
export function guaranteedRisk(
  confidence: ArrayLike<number>,
  correct: Correctness,
  { risk, delta }: RiskPromise,
): GuaranteedRisk | null {
  checkConfidence(confidence, correct);
  if (!(risk > 0 && risk < 1)) throw new RangeError(`risk ${risk}: expected a fraction above 0 and below 1`);
  if (!(delta > 0 && delta < 1)) throw new RangeError(`delta ${delta}: expected a probability above 0 and below 1`);
  const ranking = rankByConfidence(confidence);
  const counts = countRisk(ranking, correct);
  const passed = search(counts, risk, delta / Math.max(1, Math.ceil(Math.log2(counts.samples))));
  if (passed === null) return null;
  const [group, bound] = passed;
  const answered = counts.answered[group]!;
  return {
    threshold: ranking.thresholds[group]!,
    bound,
    risk: counts.wrong[group]! / answered,
    coverage: answered / counts.samples,
  };
}

/** The group of largest coverage among those that the search finds to pass, and its bound. */
function search(counts: RiskCounts, risk: number, delta: number): [group: number, bound: number] | null {
  let [passing, failing] = [1, counts.samples + 1];
  let best: [number, number] | null = null;
  while (failing - passing > 1) {
    const rank = Math.floor((passing + failing) / 2);
    const group = groupAnswering(counts, rank);
    const bound = binomialTailInversion(counts.wrong[group]!, counts.answered[group]!, delta);
    if (bound <= risk) [passing, best] = [rank, [group, bound]];
    else failing = rank;
  }
  return best;
}
