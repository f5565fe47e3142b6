// A guess for each sample: is its label wrong, or is the sample itself ambiguous, foreign or only hard?
import { quartiles } from "../quartiles.js";

/** What a look at the sample will probably show. */
export type LabelVerdict = "mislabeled" | "ambiguous" | "outlier" | "hard";

/** One value for each of n samples. */
export interface VerdictEvidence {
  /** The log odds of another class, `relativeOdds`. */
  readonly odds: Float64Array;
  readonly pWrong: Float64Array;
  /** Whether the sample is far from all others, as the outliers among the kinds of issues. */
  readonly isFar: readonly boolean[];
  /** `concentration` by a network that was trained on the samples; null for one that was not. */
  readonly concentration: Float64Array | null;
}

/** Odds of one to two for another class: the given label is twice as probable. */
const leastOdds = -Math.log(2);

/**
 * The first that holds, with x the log odds of another class and c the concentration:
 *
 * | verdict | where |
 * |---|---|
 * | outlier | far from all others, x >= median of all x, and c <= third quartile of all c |
 * | mislabeled | P(wrong) >= 1/2 |
 * | ambiguous | x > -log 2: another class is at least half as probable as the given one |
 * | hard | otherwise: the label is right, and at most hard to learn |
 *
 * A network that memorizes a wrong label moves the sample away from its class, so that it is far, too. But then one other class
 * has most of the remaining probability, which c shows. Measured on planted samples in docs/label-issues.md.
 */
export function verdictsOf({ odds, pWrong, isFar, concentration }: VerdictEvidence): LabelVerdict[] {
  const typical = quartiles(odds).q2;
  const spread = quartiles(concentration ?? []).q3;
  return Array.from(odds, (x, row) => {
    if (isFar[row] && x >= typical && (concentration?.[row] ?? 0) <= spread) return "outlier";
    if (pWrong[row]! >= 0.5) return "mislabeled";
    return x > leastOdds ? "ambiguous" : "hard";
  });
}

/** p_suggested / (1 - p_given), how far the rest of the probability gathers on one class; 1 where there is no rest. */
export function concentration(given: number, suggested: number): number {
  return given >= 1 ? 1 : Math.min(1, suggested / (1 - given));
}
