// The probabilities of all classes in an epoch, as far as its history has them.

/**
 * Adds `weight` times the probabilities of one sample to `sums` from `start` on.
 *
 * Only the given label's probability p_y, its margin m and the prediction a are known: p_a = p_y exp(-m) where a != y, and
 * the rest is divided evenly among the other classes.
 */
export function addProbabilities(
  sums: Float32Array,
  start: number,
  classes: number,
  weight: number,
  [given, margin, predicted, label]: readonly [given: number, margin: number, predicted: number, label: number],
): void {
  const other = predicted === label ? 0 : Math.min(given * Math.exp(-margin), 1 - given);
  const known = predicted === label ? 1 : 2;
  const rest = classes > known ? Math.max(0, 1 - given - other) / (classes - known) : 0;
  for (let j = 0; j < classes; j++) {
    sums[start + j]! += weight * (j === label ? given : j === predicted ? other : rest);
  }
}
