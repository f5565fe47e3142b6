// Softmax and its parts, each row shifted by its maximum so that no exponential overflows.
import type { Logits } from "./arrays.js";

/** The largest value of a row. */
export function highestOf(row: Logits): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (const value of row) if (value > highest) highest = value;
  return highest;
}

/** sum_j exp((row_j - shift) / temperature). */
export function sumExp(row: Logits, shift: number, temperature = 1): number {
  let sum = 0;
  for (const value of row) sum += Math.exp((value - shift) / temperature);
  return sum;
}

/** log sum_j exp(row_j / temperature). */
export function logSumExp(row: Logits, temperature = 1): number {
  const highest = highestOf(row);
  return highest / temperature + Math.log(sumExp(row, highest, temperature));
}

/** The softmax of each row, (n, classes) row-major. */
export function softmaxRows(logits: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes);
    const highest = highestOf(row);
    const total = sumExp(row, highest);
    row.forEach((value, j) => {
      probabilities[start + j] = Math.exp(value - highest) / total;
    });
  }
  return probabilities;
}
