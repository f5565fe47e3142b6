// How well reviewers agree, beyond chance.
import type { ReviewPart } from "./actions.js";
import { type Decision, isDecided, type ReviewState } from "./state.js";

/** A reviewer's agreement with another one. */
export interface Agreement {
  readonly other: string;
  /** Samples that both decided. */
  readonly both: number;
  /** Cohen's kappa: 1 for perfect agreement, 0 for that of chance. */
  readonly kappa: number;
}

/**
 * Cohen's kappa of two raters' categories, one each a subject: (p - e) / (1 - e), p the fraction that agrees and e the one
 * expected by chance, the sum over categories of the product of both raters' fractions; 1 where both use one category alone.
 *
 * @throws RangeError on no subjects, or where the raters have different numbers of them.
 * @see Cohen 1960, "A coefficient of agreement for nominal scales"
 */
export function cohenKappa(first: readonly string[], second: readonly string[]): number {
  const n = first.length;
  if (n === 0 || second.length !== n) {
    throw new RangeError(`${n} and ${second.length} categories: expected one each a subject, at least one`);
  }
  const agreed = first.filter((category, i) => category === second[i]).length / n;
  const [ofFirst, ofSecond] = [countsOf(first), countsOf(second)];
  const chance = [...ofFirst].reduce(
    (sum, [category, count]) => sum + (count * (ofSecond.get(category) ?? 0)) / n ** 2,
    0,
  );
  return chance === 1 ? 1 : (agreed - chance) / (1 - chance);
}

function countsOf(categories: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const category of categories) counts.set(category, (counts.get(category) ?? 0) + 1);
  return counts;
}

/**
 * The agreement of a reviewer with the one who decided most of the same samples; null where nobody did. A category is a verdict,
 * for `relabel` with its class.
 */
export function agreementOf(state: ReviewState, part: ReviewPart, reviewer: string): Agreement | null {
  const own = state.decisions(part, reviewer);
  const others = state.reviewers.filter((name) => name !== reviewer);
  const shared = others.map((other) => ({ other, pairs: pairsOf(own, state.decisions(part, other)) }));
  const [most] = shared.sort((a, b) => b.pairs.length - a.pairs.length);
  if (most === undefined || most.pairs.length === 0) return null;
  const kappa = cohenKappa(
    most.pairs.map(([first]) => first),
    most.pairs.map(([, second]) => second),
  );
  return { other: most.other, both: most.pairs.length, kappa };
}

type Decisions = ReadonlyMap<number, Decision>;

function pairsOf(own: Decisions, others: Decisions): [string, string][] {
  return [...own].flatMap(([sample, first]): [string, string][] => {
    const second = others.get(sample);
    return isDecided(first) && isDecided(second) ? [[categoryOf(first), categoryOf(second)]] : [];
  });
}

const categoryOf = ({ verdict, label }: Decision) => (label === null ? verdict : `${verdict} ${label}`);
