// The array types of metrics, and their common checks.

/** Logits of n samples, (n, columns) row-major. */
export type Logits = Float32Array | Float64Array;

/** Probabilities of n samples, (n, classes) row-major, each row summing to 1. */
export type Probabilities = Float32Array | Float64Array;

/** One class index per sample. */
export type Labels = ArrayLike<number>;

/** One value per sample: whether the prediction is correct (1 or true) or wrong (0 or false). */
export type Correctness = ArrayLike<number | boolean>;

/** The number of columns of `logits`, one row per sample. @throws RangeError where they do not divide into rows. */
export function columnsOf(logits: Logits, samples: number): number {
  if (samples === 0 || logits.length === 0) throw new RangeError("no samples to measure: expected at least one");
  if (logits.length % samples !== 0) {
    throw new RangeError(`${logits.length} logits do not divide into ${samples} rows: expected (n, classes) row-major`);
  }
  return logits.length / samples;
}

/** @throws RangeError unless a sample's label (or prediction) is a class. */
export function checkLabel(label: number, sample: number, classes: number, what = "label"): void {
  if (Number.isInteger(label) && label >= 0 && label < classes) return;
  throw new RangeError(`${what} ${label} of sample ${sample}: expected a class from 0 to ${classes - 1}`);
}

/** The number of classes of probabilities with a row a label. @throws RangeError on NaN and on a label that is no class. */
export function checkedColumns(probabilities: Probabilities, labels: Labels): number {
  const classes = columnsOf(probabilities, labels.length);
  for (let i = 0; i < labels.length; i++) checkLabel(labels[i]!, i, classes);
  const wrong = probabilities.findIndex(Number.isNaN);
  if (wrong < 0) return classes;
  throw new RangeError(`a probability of sample ${Math.floor(wrong / classes)} is NaN: expected a number`);
}

/** @throws RangeError unless there are equally many confidences and outcomes, at least one, and none is NaN. */
export function checkConfidence(confidence: ArrayLike<number>, correct: Correctness): void {
  if (confidence.length === 0) throw new RangeError("no samples to measure: expected at least one");
  if (confidence.length !== correct.length) {
    throw new RangeError(`${confidence.length} confidences for ${correct.length} outcomes: expected one for each`);
  }
  for (let i = 0; i < confidence.length; i++) {
    if (Number.isNaN(confidence[i])) throw new RangeError(`confidence ${i} is NaN: expected a number`);
  }
}
