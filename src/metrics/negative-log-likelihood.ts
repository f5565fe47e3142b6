// How surprised the network is by the labels.
import { checkLabel, columnsOf, type Labels, type Logits } from "./arrays.js";
import { logSumExp } from "./softmax.js";

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
