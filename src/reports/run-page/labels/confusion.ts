// Confusion between classes: the estimated noise matrix, the true one, and the most confused pairs.
import type { LabelRecord } from "../../types.js";

/** A true class, a wrong label, and the fraction of the class's samples that have this label. */
export interface ConfusedPair {
  readonly truth: string;
  readonly given: string;
  readonly fraction: number;
}

/** Row i, column j: the fraction of the samples of true class i that are labeled j. */
export type NoiseMatrix = readonly (readonly number[])[];

/** The pairs of confused classes, the most confused first. */
export function confusedPairs(matrix: NoiseMatrix, classes: readonly string[]): ConfusedPair[] {
  return matrix
    .flatMap((row, i) =>
      row.map((fraction, j) => ({ truth: classes[i]!, given: classes[j]!, fraction, wrong: i !== j })),
    )
    .filter(({ fraction, wrong }) => wrong && fraction > 0)
    .sort((a, b) => b.fraction - a.fraction)
    .map(({ truth, given, fraction }) => ({ truth, given, fraction }));
}

/** The given and the true labels of the training samples; null if the true ones are unknown. */
export function knownLabels({ given, clean, trained }: LabelRecord): { given: number[]; clean: number[] } | null {
  if (clean === null) return null;
  const indices = Array.from(trained);
  return { given: indices.map((i) => given[i]!), clean: indices.map((i) => clean[i]!) };
}

/** The noise matrix (classes, classes): true classes by given labels; the row of a class without samples is zero. */
export function trueNoiseMatrix(given: ArrayLike<number>, clean: ArrayLike<number>, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  for (let i = 0; i < given.length; i++) counts[clean[i]!]![given[i]!]! += 1;
  return counts.map((row) => {
    const total = row.reduce((sum, samples) => sum + samples, 0);
    return row.map((samples) => samples / Math.max(1, total));
  });
}

/** The `count` classes with the largest off-diagonal sums of row and column, in class order. */
export function mostConfusedClasses(matrix: NoiseMatrix, count: number): number[] {
  const off = (i: number, j: number) => (i === j ? 0 : matrix[i]![j]!);
  const confusion = matrix.map((row, i) => row.reduce((sum, _, j) => sum + off(i, j) + off(j, i), 0));
  return matrix
    .map((_, i) => i)
    .sort((a, b) => confusion[b]! - confusion[a]! || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
}

/** For each given label, by class name, the fraction that is wrong; labels without samples are left out. */
export function trueErrorRates(
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
