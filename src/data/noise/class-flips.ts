// Class-conditional label noise: each class to another one by a map, or by a noise matrix.
import { randomFrom } from "../random.js";
import { membersOf } from "../split/class-members.js";
import { countAtRate } from "./rate.js";

/** The class that each source class is mistaken for. */
export type ClassMap = ReadonlyMap<number, number>;

/** The labels (n) to add class-conditional noise to, and the stream of its draws. */
export interface ClassFlips {
  readonly labels: Int32Array;
  readonly classes: number;
  readonly seed: number;
  /** Such as "pair noise": with the seed and the class, the key of the draws. */
  readonly key: string;
}

/**
 * In each source class of the map, exactly floor(rate n_class) samples, drawn without replacement, get the target's label.
 * @throws InputError for a rate outside [0, 1].
 */
export function flipByMap({ labels, classes, seed, key }: ClassFlips, map: ClassMap, rate: number): Int32Array {
  const noisy = labels.slice();
  membersOf(labels, classes).forEach((members, source) => {
    const count = countAtRate(rate, members.length);
    const target = map.get(source) ?? source;
    for (const i of randomFrom(seed, key, source).sample(members.length, count)) noisy[members[i]!] = target;
  });
  return noisy;
}

/**
 * Of the n_i samples of class i, n_i T_ij get the label j, rounded by largest remainder so that they sum to n_i;
 * the samples are drawn at random.
 *
 * @param matrix row-stochastic T, one row a class: T[i][j] is the fraction of class i that is labeled j
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

/** Whole numbers nearest to fraction_j * total that sum to the total: rounded down, the largest remainders up. */
function largestRemainder(fractions: readonly number[], total: number): number[] {
  const exact = fractions.map((fraction) => fraction * total);
  const counts = exact.map((value) => Math.floor(value + 1e-9));
  const left = total - counts.reduce((sum, count) => sum + count, 0);
  const remainder = (j: number) => exact[j]! - counts[j]!;
  const byRemainder = [...counts.keys()].sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const j of byRemainder.slice(0, left)) counts[j]! += 1;
  return counts;
}
