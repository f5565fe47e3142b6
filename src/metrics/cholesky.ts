// The inverse of the Cholesky factor of a matrix.

/**
 * (size, size), lower triangular: L^-1 with A = L L^T, so that x^T A^-1 x = |L^-1 x|^2.
 * @param matrix (size, size), symmetric and positive definite
 * @throws RangeError for a matrix that is not positive definite.
 */
export function inverseFactor(matrix: ArrayLike<number>, size: number): Float64Array {
  return inverseOfLower(choleskyFactor(matrix, size), size);
}

function choleskyFactor(matrix: ArrayLike<number>, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) rest -= lower[i * size + k]! * lower[j * size + k]!;
      if (i === j && !(rest > 0)) throw new RangeError(`pivot ${i} is ${rest}; expected a positive definite matrix`);
      lower[i * size + j] = i === j ? Math.sqrt(rest) : rest / lower[j * size + j]!;
    }
  }
  return lower;
}

/** Column by column, by forward substitution; kept transposed so that both sums run along rows. */
function inverseOfLower(lower: Float64Array, size: number): Float64Array {
  const columns = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let rest = i === j ? 1 : 0;
      for (let k = j; k < i; k++) rest -= lower[i * size + k]! * columns[j * size + k]!;
      columns[j * size + i] = rest / lower[i * size + i]!;
    }
  }
  return Float64Array.from(columns, (_, at) => columns[(at % size) * size + Math.floor(at / size)]!);
}
