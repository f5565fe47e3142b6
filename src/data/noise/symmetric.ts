// Labels redrawn at random, as the paper redraws them.
import { randomFrom } from "../random.js";
import { wholeShare } from "./rate.js";

/**
 * floor(rate n) samples, drawn without replacement, get a label drawn uniformly from all classes, their own included, so
 * that a share rate (1 - 1/C) ends wrong.
 *
 * Throws `InputError` on a rate outside [0, 1].
 * @see Huang et al. 2020, section 3 (arXiv 2002.10319)
 */
export function symmetric(labels: Int32Array, classes: number, rate: number, seed: number): Int32Array {
  const random = randomFrom(seed, "symmetric noise");
  const noisy = labels.slice();
  for (const index of random.sample(labels.length, wholeShare(rate, labels.length))) {
    noisy[index] = random.integer(classes);
  }
  return noisy;
}
