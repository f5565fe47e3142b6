// How sure the network says it is: what calibration and coverage are measured on.
import { columnsOf, type Logits } from "./arrays.js";

/** The largest softmax probability of each sample, max_j softmax(z_i)_j: (samples, classes) -> (samples). */
export function softmaxResponse(logits: Logits, samples: number): Float64Array {
  return eachRow(logits, samples, (row) => 1 / sumExp(row, Math.max(...row)));
}

/** The softmax of each row, (n, classes) row-major. */
export function softmaxRows(logits: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const row = logits.subarray(start, start + classes);
    const highest = Math.max(...row);
    const total = sumExp(row, highest);
    row.forEach((value, j) => {
      probabilities[start + j] = Math.exp(value - highest) / total;
    });
  }
  return probabilities;
}

/**
 * The confidence of a network that can abstain, 1 - p_abstain, its last column being "abstain".
 *
 * (samples, classes + 1) -> (samples), as the other classes' share, so that near-certain samples keep their order.
 * @see Huang et al. 2020, section on selective classification (arXiv 2002.10319)
 */
export function abstentionConfidence(logits: Logits, samples: number): Float64Array {
  return eachRow(logits, samples, (row) => {
    const highest = Math.max(...row);
    const classes = sumExp(row.subarray(0, -1), highest);
    return classes / (classes + Math.exp(row.at(-1)! - highest));
  });
}

function eachRow(logits: Logits, samples: number, value: (row: Logits) => number): Float64Array {
  const columns = columnsOf(logits, samples);
  return Float64Array.from({ length: samples }, (_, i) => value(logits.subarray(i * columns, (i + 1) * columns)));
}

function sumExp(row: Logits, shift: number): number {
  let sum = 0;
  for (const value of row) sum += Math.exp(value - shift);
  return sum;
}
