// Logits and their softmax as plain arrays, which the methods' tests compare with.

export const oneHot = (labels: readonly number[], classes: number): number[][] =>
  labels.map((label) => Array.from({ length: classes }, (_, j) => (j === label ? 1 : 0)));

/** Rows of logits from -4 to 4, the same for the same seed. */
export function randomLogits(seed: number, rows: number, classes: number): number[][] {
  let state = seed;
  const next = () => {
    state = (state * 48271) % 2147483647;
    return (state / 2147483647) * 8 - 4;
  };
  return Array.from({ length: rows }, () => Array.from({ length: classes }, next));
}

export function softmax(row: readonly number[]): number[] {
  const largest = Math.max(...row);
  const total = row.reduce((sum, value) => sum + Math.exp(value - largest), 0);
  return row.map((value) => Math.exp(value - largest) / total);
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** -sum_j t_j log p_j. */
export const crossEntropyOf = (target: readonly number[], p: readonly number[]): number =>
  target.reduce((sum, share, j) => sum - share * Math.log(p[j] as number), 0);
