// Which class the network answers, and how often that is right.
import { columnsOf, type Labels, type Logits } from "./arrays.js";

/**
 * The answered class of each sample, argmax_j z_ij over the first `classes` columns; the first of equals wins.
 *
 * logits (samples, columns) -> (samples). An abstaining network has one column more than it has classes: pass `classes`.
 * Throws a RangeError when the logits do not divide into so many rows of at least `classes` columns.
 */
export function predictions(logits: Logits, samples: number, classes = columnsOf(logits, samples)): Int32Array {
  const columns = columnsOf(logits, samples);
  if (!(classes >= 1 && classes <= columns)) {
    throw new RangeError(`${classes} classes of logits with ${columns} columns: expected 1 to ${columns}`);
  }
  return Int32Array.from({ length: samples }, (_, row) => argmax(logits, row * columns, classes));
}

/** 1 where the answered class is the label and 0 elsewhere: (n, columns), (n) -> (n). Throws as `predictions` does. */
export function correctness(logits: Logits, labels: Labels, classes?: number): Uint8Array {
  const answers = predictions(logits, labels.length, classes);
  return Uint8Array.from(answers, (answer, i) => (answer === labels[i] ? 1 : 0));
}

/** The share of samples whose answered class is the label, a fraction of 1. Throws as `predictions` does. */
export function accuracy(logits: Logits, labels: Labels, classes?: number): number {
  return correctness(logits, labels, classes).reduce((right, one) => right + one, 0) / labels.length;
}

function argmax(values: Logits, start: number, count: number): number {
  let best = 0;
  for (let j = 1; j < count; j++) if (values[start + j]! > values[start + best]!) best = j;
  return best;
}
