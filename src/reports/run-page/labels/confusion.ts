// Which classes are taken for which: the estimated noise matrix, the true one, and the pairs that stand out.
import type { LabelRecord } from "../../types.js";

/** Samples truly of one class that are labeled as another, and their share of that class. */
export interface ConfusedPair {
  readonly truth: string;
  readonly given: string;
  readonly share: number;
}

/** Row i, column j: the share of the samples truly of class i that are labeled j. */
export type NoiseMatrix = readonly (readonly number[])[];

/** The pairs of different classes that are confused at all, the most confused first. */
export function confusedPairs(matrix: NoiseMatrix, classes: readonly string[]): ConfusedPair[] {
  return matrix
    .flatMap((row, i) => row.map((share, j) => ({ truth: classes[i]!, given: classes[j]!, share, wrong: i !== j })))
    .filter(({ share, wrong }) => wrong && share > 0)
    .sort((a, b) => b.share - a.share)
    .map(({ truth, given, share }) => ({ truth, given, share }));
}

/** The labels of the records that a run was trained on; null where the true ones are unknown. */
export function knownLabels({ given, clean, trained }: LabelRecord): { given: number[]; clean: number[] } | null {
  if (clean === null) return null;
  const indices = Array.from(trained);
  return { given: indices.map((i) => given[i]!), clean: indices.map((i) => clean[i]!) };
}

/** The noise matrix (classes, classes) of labels given, over true ones; the row of a class without samples is zero. */
export function trueNoiseMatrix(given: ArrayLike<number>, clean: ArrayLike<number>, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  for (let i = 0; i < given.length; i++) counts[clean[i]!]![given[i]!]! += 1;
  return counts.map((row) => {
    const total = row.reduce((sum, samples) => sum + samples, 0);
    return row.map((samples) => samples / Math.max(1, total));
  });
}

/** The `most` classes whose rows and columns hold the most confusion, in their own order. */
export function mostConfusedClasses(matrix: NoiseMatrix, most: number): number[] {
  const off = (i: number, j: number) => (i === j ? 0 : matrix[i]![j]!);
  const confusion = matrix.map((row, i) => row.reduce((sum, _, j) => sum + off(i, j) + off(j, i), 0));
  return matrix
    .map((_, i) => i)
    .sort((a, b) => confusion[b]! - confusion[a]! || a - b)
    .slice(0, most)
    .sort((a, b) => a - b);
}

/** The share of each label given, by its class's name, that is not the true one; labels that nobody was given are left out. */
export function trueErrorShares(
  given: ArrayLike<number>,
  clean: ArrayLike<number>,
  classes: readonly string[],
): Map<string, number> {
  const counts = classes.map(() => ({ all: 0, wrong: 0 }));
  for (let i = 0; i < given.length; i++) {
    const count = counts[given[i]!]!;
    count.all += 1;
    if (given[i] !== clean[i]) count.wrong += 1;
  }
  return new Map(
    classes.flatMap((name, i): [string, number][] =>
      counts[i]!.all === 0 ? [] : [[name, counts[i]!.wrong / counts[i]!.all]],
    ),
  );
}
