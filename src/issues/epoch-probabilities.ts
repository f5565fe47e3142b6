// The probabilities of all classes in an epoch, as far as its row of the history tells them.

/** The columns of a row: the label's probability, its margin in logits, the predicted class. */
export const historyColumns = 3;

/**
 * Adds `weight` times the probabilities of one sample to the classes' places of `sums` from `start` on.
 *
 * Only the given label's probability p_y, its margin m and the prediction a are known: p_a = p_y exp(-m) where a != y, and
 * what is left is spread evenly over the other classes.
 */
export function addProbabilities(
  sums: Float32Array,
  start: number,
  classes: number,
  weight: number,
  [own, margin, predicted, label]: readonly [own: number, margin: number, predicted: number, label: number],
): void {
  const other = predicted === label ? 0 : Math.min(own * Math.exp(-margin), 1 - own);
  const known = predicted === label ? 1 : 2;
  const rest = classes > known ? Math.max(0, 1 - own - other) / (classes - known) : 0;
  for (let j = 0; j < classes; j++) {
    sums[start + j]! += weight * (j === label ? own : j === predicted ? other : rest);
  }
}
