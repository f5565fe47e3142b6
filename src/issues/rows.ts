// Rows of a matrix.

/** The given rows of (n, size), in that order; not a copy where they are all. */
export function rowsOf(all: Float32Array, samples: Int32Array, size: number): Float32Array {
  if (samples.length * size === all.length && samples.every((sample, row) => sample === row)) return all;
  const rows = new Float32Array(samples.length * size);
  samples.forEach((sample, row) => {
    rows.set(all.subarray(sample * size, (sample + 1) * size), row * size);
  });
  return rows;
}
