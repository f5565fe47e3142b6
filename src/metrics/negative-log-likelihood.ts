// How surprised the network is by the labels.
import { checkLabel, columnsOf, type Labels, type Logits } from "./arrays.js";

/**
 * Mean negative log-likelihood of the labels under the softmax, in nats.
 *
 * mean_i( log sum_j exp z_ij - z_i,y_i ), each row shifted by its maximum so that no exponential overflows.
 *
 * logits (n, classes), labels (n). Throws a RangeError on a label that is no column of the logits.
 */
export function negativeLogLikelihood(logits: Logits, labels: Labels): number {
  const classes = columnsOf(logits, labels.length);
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    checkLabel(label, i, classes);
    const row = logits.subarray(i * classes, (i + 1) * classes);
    sum += logSumExp(row) - row[label]!;
  }
  return sum / labels.length;
}

function logSumExp(row: Logits): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (const value of row) highest = Math.max(highest, value);
  let sum = 0;
  for (const value of row) sum += Math.exp(value - highest);
  return highest + Math.log(sum);
}
