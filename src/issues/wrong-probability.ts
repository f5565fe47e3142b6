// P(wrong) of every label, given how many are wrong.

/** How fast P(wrong) rises with the odds; chosen on the runs of docs/label-issues.md. */
const slope = 2.5;

export const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/**
 * P(label i is wrong) = 1 / (1 + exp(-(2.5 x_i + b))), b such that the mean is `rate`; all 0 for a rate of 0.
 *
 * odds (n), see `relativeOdds` -> (n) within [0, 1].
 */
export function wrongProbabilities(odds: Float64Array, rate: number): Float64Array {
  if (rate <= 0 || odds.length === 0) return new Float64Array(odds.length);
  const offset = offsetFor(odds, rate);
  return odds.map((x) => sigmoid(slope * x + offset));
}

/** By bisection: the mean rises with the offset. */
function offsetFor(odds: Float64Array, rate: number): number {
  let [low, high] = [-60, 60];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    const mean = odds.reduce((sum, x) => sum + sigmoid(slope * x + middle), 0) / odds.length;
    if (mean < rate) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
