// Exact confidence intervals of proportions.
import { binomialTailInversion } from "./binomial-tail.js";
import type { Interval } from "./bootstrap.js";

/**
 * The exact (Clopper-Pearson) interval of a proportion, `count` of `samples` observed: [low, high].
 *
 * high = B*(count, samples, (1 - level) / 2), low = 1 - B*(samples - count, samples, (1 - level) / 2), with the binomial tail
 * inversion B*. It contains the true proportion with probability `level` or more, also where all or none were counted.
 *
 * @throws RangeError unless 0 <= count <= samples, whole numbers, samples >= 1, and 0 < level < 1.
 * @see Clopper and Pearson 1934, "The use of confidence or fiducial limits illustrated in the case of the binomial"
 */
export function binomialInterval(count: number, samples: number, level = 0.95): Interval {
  const delta = (1 - level) / 2;
  return [1 - binomialTailInversion(samples - count, samples, delta), binomialTailInversion(count, samples, delta)];
}
