// Predicted classes, and how often they are correct.
import { columnsOf, type Labels, type Logits } from "./arrays.js";

/**
 * The predicted class of each sample, argmax_j z_ij over the first `classes` columns; the first of equal logits wins.
 *
 * logits (samples, columns) -> (samples). A network that abstains has one column more than classes: pass `classes`.
 * @throws RangeError when the logits do not divide into that many rows of at least `classes` columns.
 */
export function predictions(logits: Logits, samples: number, classes = columnsOf(logits, samples)): Int32Array {
  const columns = columnsOf(logits, samples);
  if (!(classes >= 1 && classes <= columns)) {
    throw new RangeError(`${classes} classes of logits with ${columns} columns: expected 1 to ${columns}`);
  }
  return Int32Array.from({ length: samples }, (_, row) => argmax(logits, row * columns, classes));
}

/** 1 where the predicted class is the label, else 0: (n, columns), (n) -> (n). @throws RangeError as `predictions` does. */
export function correctness(logits: Logits, labels: Labels, classes?: number): Uint8Array {
  const predicted = predictions(logits, labels.length, classes);
  return Uint8Array.from(predicted, (prediction, i) => (prediction === labels[i] ? 1 : 0));
}

/** The fraction of samples whose predicted class is the label. @throws RangeError as `predictions` does. */
export function accuracy(logits: Logits, labels: Labels, classes?: number): number {
  return correctness(logits, labels, classes).reduce((right, one) => right + one, 0) / labels.length;
}

function argmax(values: Logits, start: number, count: number): number {
  let best = 0;
  for (let j = 1; j < count; j++) if (values[start + j]! > values[start + best]!) best = j;
  return best;
}
