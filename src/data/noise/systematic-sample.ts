// A sample of a fixed size in which inclusion is proportional to weight.
import type { Random } from "../random.js";

/**
 * Exactly `count` distinct items, item i with probability min(1, c w_i), c such that the probabilities sum to the count:
 * the items in random order are laid end to end, each as long as its probability, and those that contain u, u + 1, u + 2, ...
 * are taken, for one u in [0, 1).
 *
 * weights (n), positive.
 * @throws RangeError where count > n.
 * @see Madow 1949, "On the theory of systematic sampling, II" (Annals of Mathematical Statistics 20)
 */
export function systematicSample(weights: Float64Array, count: number, random: Random): Int32Array {
  const chances = inclusionChances(weights, count);
  const order = random.permutation(weights.length);
  const chosen = new Int32Array(count);
  const first = random.uniform();
  let taken = 0;
  let reached = 0;
  order.forEach((item, position) => {
    // The sum of n roundings may end just below the count, and must not lose the last.
    reached = position === order.length - 1 ? count : reached + chances[item]!;
    if (taken < count && first + taken < reached) chosen[taken++] = item;
  });
  return chosen;
}

/** Probabilities over 1 are clipped to 1 and the others scaled to the remaining count, until none is over 1. */
function inclusionChances(weights: Float64Array, count: number): Float64Array {
  if (count > weights.length) throw new RangeError(`cannot draw ${count} of ${weights.length} without replacement`);
  const chances = new Float64Array(weights.length);
  for (let certain = -1, before = -2; certain !== before; ) {
    before = certain;
    certain = chances.reduce((ones, chance) => ones + (chance >= 1 ? 1 : 0), 0);
    const free = weights.reduce((sum, weight, i) => sum + (chances[i]! >= 1 ? 0 : weight), 0);
    const scale = (count - certain) / free;
    for (let i = 0; i < chances.length; i++) if (chances[i]! < 1) chances[i] = Math.min(1, scale * weights[i]!);
  }
  return chances;
}
