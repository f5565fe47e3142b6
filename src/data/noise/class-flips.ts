// Labels that are wrong by their class alone: every class to another of a map, or by a matrix of shares.

import { randomFrom } from "../random.js";
import { membersOf } from "../split/class-members.js";
import { wholeShare } from "./rate.js";

/** The class that each source class is mistaken for. */
export type ClassMap = ReadonlyMap<number, number>;

/** What a noise by classes is laid over: labels (n), and the stream that it is drawn from. */
export interface ClassFlips {
  readonly labels: Int32Array;
  readonly classes: number;
  readonly seed: number;
  /** Such as "pair noise": with the seed and the class, the key of the draws. */
  readonly key: string;
}

/**
 * In each source class of the map, exactly floor(rate n_class) samples, drawn without replacement, get the target's label.
 *
 * Throws `InputError` on a rate outside [0, 1].
 */
export function flipByMap({ labels, classes, seed, key }: ClassFlips, map: ClassMap, rate: number): Int32Array {
  const noisy = labels.slice();
  membersOf(labels, classes).forEach((members, source) => {
    const count = wholeShare(rate, members.length);
    const target = map.get(source) ?? source;
    for (const i of randomFrom(seed, key, source).sample(members.length, count)) noisy[members[i]!] = target;
  });
  return noisy;
}

/**
 * Of the n_i samples of class i, n_i T_ij get the label j, rounded by largest remainder so that all n_i are accounted for;
 * which ones is drawn at random.
 *
 * @param matrix row-stochastic T, one row a class: T[i][j] is the share of class i that is labelled j
 */
export function flipByMatrix(
  { labels, classes, seed, key }: ClassFlips,
  matrix: readonly (readonly number[])[],
): Int32Array {
  const noisy = labels.slice();
  membersOf(labels, classes).forEach((members, source) => {
    const order = randomFrom(seed, key, source).permutation(members.length);
    let next = 0;
    largestRemainder(matrix[source]!, members.length).forEach((count, target) => {
      for (const end = next + count; next < end; next++) noisy[members[order[next]!]!] = target;
    });
  });
  return noisy;
}

/** Every class to the next, the last to the first. @see Han et al. 2018, "pair flip" (arXiv 1804.06872) */
export function pairMap(classes: number): ClassMap {
  return new Map(Array.from({ length: classes }, (_, i) => [i, (i + 1) % classes]));
}

/** Whole numbers nearest to share_j * total that sum to the total: rounded down, the largest remainders up. */
function largestRemainder(shares: readonly number[], total: number): number[] {
  const exact = shares.map((share) => share * total);
  const counts = exact.map((value) => Math.floor(value + 1e-9));
  const left = total - counts.reduce((sum, count) => sum + count, 0);
  const remainder = (j: number) => exact[j]! - counts[j]!;
  const byRemainder = [...counts.keys()].sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const j of byRemainder.slice(0, left)) counts[j]! += 1;
  return counts;
}
