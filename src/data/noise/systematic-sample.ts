// A sample of exactly so many, in which each item has the chance that its weight asks for.
import type { Random } from "../random.js";

/**
 * Exactly `count` distinct items, item i with probability min(1, c w_i), c such that the probabilities sum to the count:
 * along the items in random order, each stretched to its probability, the ones are taken that contain u, u + 1, u + 2, ...
 * for one u in [0, 1).
 *
 * weights (n), positive. Throws `RangeError` where count > n.
 * @see Madow 1949, "On the theory of systematic sampling, II" (Annals of Mathematical Statistics 20)
 */
export function systematicSample(weights: Float64Array, count: number, random: Random): Int32Array {
  const chances = inclusionChances(weights, count);
  const order = random.permutation(weights.length);
  const chosen = new Int32Array(count);
  const first = random.uniform();
  let taken = 0;
  let reached = 0;
  order.forEach((item, place) => {
    // The sum of n roundings may end just below the count, and must not lose the last.
    reached = place === order.length - 1 ? count : reached + chances[item]!;
    if (taken < count && first + taken < reached) chosen[taken++] = item;
  });
  return chosen;
}

/** Those that would be taken more than surely are sure, and the others share what is left, until none is over 1. */
function inclusionChances(weights: Float64Array, count: number): Float64Array {
  if (count > weights.length) throw new RangeError(`cannot draw ${count} of ${weights.length} without replacement`);
  const chances = new Float64Array(weights.length);
  for (let sure = -1, before = -2; sure !== before; ) {
    before = sure;
    sure = chances.reduce((ones, chance) => ones + (chance >= 1 ? 1 : 0), 0);
    const free = weights.reduce((sum, weight, i) => sum + (chances[i]! >= 1 ? 0 : weight), 0);
    const scale = (count - sure) / free;
    for (let i = 0; i < chances.length; i++) if (chances[i]! < 1) chances[i] = Math.min(1, scale * weights[i]!);
  }
  return chances;
}
