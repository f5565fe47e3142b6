// P(wrong) of every label, given how many are wrong.
import type { NoiseRate, NoiseRateMethod } from "./noise-rate.js";

/**
 * How fast P(wrong) rises with the odds: the faster, the better the network tells wrong labels. Chosen on other runs than those of
 * the first table of docs/label-issues.md.
 */
function slopeOf(method: NoiseRateMethod): number {
  if (method === "late joint") return 4;
  return method === "late agreement" ? 2 : 2.5;
}

export const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/**
 * P(label i is wrong) = 1 / (1 + exp(-(k x_i + b))), b such that the mean is the estimate; all 0 for an estimate of 0. k is 4 for the
 * late joint, 2 for the late agreement, else 2.5.
 *
 * odds (n), see `relativeOdds` -> (n) within [0, 1].
 */
export function wrongProbabilities(
  odds: Float64Array,
  { estimate, method }: Pick<NoiseRate, "estimate" | "method">,
): Float64Array {
  if (estimate <= 0 || odds.length === 0) return new Float64Array(odds.length);
  const slope = slopeOf(method);
  const offset = offsetFor(odds, estimate, slope);
  return odds.map((x) => sigmoid(slope * x + offset));
}

/** By bisection: the mean rises with the offset. */
function offsetFor(odds: Float64Array, rate: number, slope: number): number {
  let [low, high] = [-100, 100];
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    const mean = odds.reduce((sum, x) => sum + sigmoid(slope * x + middle), 0) / odds.length;
    if (mean < rate) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
