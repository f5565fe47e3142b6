// The negative log-likelihood of the labels.
import { requirePositive } from "../../options/ranges.js";
import { checkLabel, columnsOf, type Labels, type Logits } from "../arrays.js";
import { logSumExp } from "../softmax.js";

/**
 * Mean negative log-likelihood of the labels under the softmax, in nats.
 *
 * mean_i( log sum_j exp z_ij - z_i,y_i ), z = logits / temperature, over the first `classes` columns (default: all).
 * Each row is shifted by its maximum so that no exponential overflows.
 *
 * logits (n, columns), labels (n).
 * @throws RangeError on a label that is no class and on more classes than columns.
 */
export function negativeLogLikelihood(logits: Logits, labels: Labels, classes?: number, temperature = 1): number {
  const each = negativeLogLikelihoods(logits, labels, classes, temperature);
  return each.reduce((sum, one) => sum + one, 0) / each.length;
}

/** The negative log-likelihood of each label, (n, columns), (n) -> (n); as `negativeLogLikelihood`. */
export function negativeLogLikelihoods(
  logits: Logits,
  labels: Labels,
  classes?: number,
  temperature = 1,
): Float64Array {
  return mapLabeled(logits, labels, classes, temperature, (row, label) => {
    return logSumExp(row, temperature) - row[label]! / temperature;
  });
}

/** A value of each row of class logits and its label. @throws RangeError as `negativeLogLikelihood` does. */
export function mapLabeled(
  logits: Logits,
  labels: Labels,
  classes: number | undefined,
  temperature: number,
  value: (row: Logits, label: number) => number,
): Float64Array {
  const columns = columnsOf(logits, labels.length);
  const count = classes ?? columns;
  if (!(count >= 1 && count <= columns)) {
    throw new RangeError(`${count} classes of logits with ${columns} columns: expected 1 to ${columns}`);
  }
  requirePositive("temperature", temperature);
  return Float64Array.from(labels, (label, i) => {
    checkLabel(label, i, count);
    return value(logits.subarray(i * columns, i * columns + count), label);
  });
}
