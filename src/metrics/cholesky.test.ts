import { expect, it } from "vitest";
import { inverseFactor } from "./cholesky.js";

it("the inverse of the factor gives x^T A^-1 x as a squared length", () => {
  // Rows of a matrix B, and A = B B^T + I; y = A x, so that y^T A^-1 y = x^T y.
  const size = 5;
  const b = Array.from({ length: size * size }, (_, at) => Math.sin(3 * at + 1));
  const a = Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    let sum = Number(i === j);
    for (let k = 0; k < size; k++) sum += b[i * size + k]! * b[j * size + k]!;
    return sum;
  });
  const x = [1, -2, 0.5, 3, -1];
  const y = x.map((_, i) => x.reduce((sum, value, j) => sum + a[i * size + j]! * value, 0));
  const inverse = inverseFactor(a, size);
  const white = y.map((_, i) => y.reduce((sum, value, j) => sum + inverse[i * size + j]! * value, 0));
  const expected = x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  expect(white.reduce((sum, value) => sum + value ** 2, 0)).toBeCloseTo(expected, 9);
  expect(inverse[1]).toBe(0);
});

it("a matrix that is not positive definite is refused", () => {
  expect(() => inverseFactor([1, 2, 2, 1], 2)).toThrow("pivot 1 is -3; expected a positive definite matrix");
});
