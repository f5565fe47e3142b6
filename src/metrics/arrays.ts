// What the metrics take: plain arrays of numbers, and the checks that all of them make.

/** Logits of n samples, (n, columns) row-major. */
export type Logits = Float32Array | Float64Array;

/** One class number a sample. */
export type Labels = ArrayLike<number>;

/** One value a sample: whether the network's answer is right (1 or true) or wrong (0 or false). */
export type Correctness = ArrayLike<number | boolean>;

/** The number of columns of `logits` when it has a row for each of `samples`; throws a RangeError when it cannot. */
export function columnsOf(logits: Logits, samples: number): number {
  if (samples === 0 || logits.length === 0) throw new RangeError("no samples to measure: expected at least one");
  if (logits.length % samples !== 0) {
    throw new RangeError(`${logits.length} logits do not divide into ${samples} rows: expected (n, classes) row-major`);
  }
  return logits.length / samples;
}

/** Throws a RangeError unless there are equally many confidences and outcomes, at least one, and every one is a number. */
export function checkConfidence(confidence: ArrayLike<number>, correct: Correctness): void {
  if (confidence.length === 0) throw new RangeError("no samples to measure: expected at least one");
  if (confidence.length !== correct.length) {
    throw new RangeError(`${confidence.length} confidences for ${correct.length} outcomes: expected one for each`);
  }
  for (let i = 0; i < confidence.length; i++) {
    if (Number.isNaN(confidence[i])) throw new RangeError(`confidence ${i} is NaN: expected a number`);
  }
}
