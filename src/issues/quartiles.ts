// Quartiles of a set's values.

export interface Quartiles {
  readonly q1: number;
  /** The median. */
  readonly q2: number;
  readonly q3: number;
}

/** The values a quarter, a half and three quarters of the way up; NaN is left out; 0 of nothing. */
export function quartiles(values: ArrayLike<number>): Quartiles {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
  return { q1: at(0.25), q2: at(0.5), q3: at(0.75) };
}
