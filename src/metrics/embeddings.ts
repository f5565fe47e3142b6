// Quality of embeddings: collapse, effective rank, uniformity, alignment.

/** Embeddings of n samples, (n, d) row-major. */
export type Embeddings = Float32Array | Float64Array;

/** Keeps the division finite for rows of zeros, which stay zero. */
const leastNorm = 1e-12;

/** L2-normalized rows: x_i / max(|x_i|, 1e-12), (n, d) -> (n, d) float64. @throws RangeError unless there are n rows. */
export function unitRows(embeddings: Embeddings, samples: number): Float64Array {
  const size = sizeOf(embeddings, samples);
  const units = Float64Array.from(embeddings);
  for (let start = 0; start < units.length; start += size) {
    const row = units.subarray(start, start + size);
    const norm = Math.max(Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)), leastNorm);
    for (let j = 0; j < size; j++) row[j]! /= norm;
  }
  return units;
}

/**
 * The standard deviation over the samples of each column of the normalized embedding, averaged over the columns.
 *
 * u_i = x_i / |x_i|;  deviation = 1/d sum_j sqrt(1/n sum_i (u_ij - mean_i u_ij)^2)
 *
 * 0 where all samples have the same embedding (collapse); near its maximum 1 / sqrt(d) where they are spread evenly around 0.
 * @throws RangeError unless the embeddings have a row a sample.
 * @see Chen and He 2021, section 4.1 (arXiv 2011.10566)
 */
export function embeddingDeviation(embeddings: Embeddings, samples: number): number {
  const units = unitRows(embeddings, samples);
  const size = units.length / samples;
  const mean = new Float64Array(size);
  const square = new Float64Array(size);
  for (let at = 0; at < units.length; at++) mean[at % size]! += units[at]! / samples;
  for (let at = 0; at < units.length; at++) square[at % size]! += (units[at]! - mean[at % size]!) ** 2 / samples;
  return square.reduce((sum, value) => sum + Math.sqrt(value), 0) / size;
}

/**
 * Effective rank of a matrix: the exponential of the entropy of its normalized singular values, from 1 to their number.
 *
 * p_k = s_k / sum_l s_l;  rank = exp(-sum_k p_k ln p_k)
 *
 * 0 for a matrix of zeros.
 * @throws RangeError without singular values, and for one that is negative, infinite or NaN.
 * @see Roy and Vetterli 2007, "The effective rank: a measure of effective dimensionality"
 */
export function effectiveRank(singularValues: ArrayLike<number>): number {
  const values = Array.from(singularValues);
  const wrong = values.find((value) => !(value >= 0 && value < Infinity));
  if (values.length === 0 || wrong !== undefined) {
    throw new RangeError(`singular values: expected numbers of at least 0, received ${wrong ?? "none"}`);
  }
  const total = values.reduce((sum, value) => sum + value, 0);
  if (total === 0) return 0;
  const normalized = values.map((value) => value / total).filter((p) => p > 0);
  return Math.exp(-normalized.reduce((sum, p) => sum + p * Math.log(p), 0));
}

/**
 * Uniformity: how evenly normalized embeddings are spread over the sphere, lower is more even; 0 where all are the same.
 *
 * uniformity = ln mean_{i<j} exp(-2 |u_i - u_j|^2), over all pairs of different samples
 *
 * O(n^2 d).
 * @throws RangeError for fewer than two samples.
 * @see Wang and Isola 2020, equation 2 with t = 2 (arXiv 2005.10242)
 */
export function uniformity(embeddings: Embeddings, samples: number): number {
  if (samples < 2) throw new RangeError(`uniformity of ${samples} samples: expected two or more`);
  const units = unitRows(embeddings, samples);
  const size = units.length / samples;
  let sum = 0;
  for (let i = 0; i < samples; i++) {
    for (let j = 0; j < i; j++) sum += Math.exp(-2 * squaredDistance(units, i * size, units, j * size, size));
  }
  return Math.log(sum / ((samples * (samples - 1)) / 2));
}

/**
 * Alignment: the mean squared distance of the normalized embeddings of two views of a sample, from 0 to 4.
 *
 * alignment = mean_i |u_i - v_i|^2
 *
 * @throws RangeError unless both have a row a sample, and rows of the same length.
 * @see Wang and Isola 2020, equation 1 with alpha = 2 (arXiv 2005.10242)
 */
export function alignment(embeddings: Embeddings, others: Embeddings, samples: number): number {
  if (embeddings.length !== others.length) {
    throw new RangeError(`views of ${embeddings.length} and ${others.length} values: expected equally many`);
  }
  const [units, partners] = [unitRows(embeddings, samples), unitRows(others, samples)];
  return squaredDistance(units, 0, partners, 0, units.length) / samples;
}

function squaredDistance(a: Float64Array, atA: number, b: Float64Array, atB: number, size: number): number {
  let sum = 0;
  for (let k = 0; k < size; k++) sum += (a[atA + k]! - b[atB + k]!) ** 2;
  return sum;
}

function sizeOf(embeddings: Embeddings, samples: number): number {
  const size = embeddings.length / samples;
  if (samples > 0 && size > 0 && Number.isInteger(size)) return size;
  throw new RangeError(
    `${embeddings.length} values of ${samples} samples: expected (n, d) row-major, one row a sample`,
  );
}
