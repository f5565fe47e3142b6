// Mean, deviation and standard error of a few values.

export interface Spread {
  readonly mean: number;
  /** The sample standard deviation (n - 1); null for one value. */
  readonly deviation: number | null;
  readonly count: number;
}

/** Mean and sample standard deviation; null without values. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    deviation: values.length === 1 ? null : Math.sqrt(squares / (values.length - 1)),
    count: values.length,
  };
}

/** s / sqrt(n); null for one value. */
export const standardErrorOf = ({ deviation, count }: Spread) =>
  deviation === null ? null : deviation / Math.sqrt(count);
