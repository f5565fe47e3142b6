// Symmetric label noise, as the paper draws it.
import { randomFrom } from "../random.js";
import { countAtRate } from "./rate.js";

/**
 * floor(rate n) samples, drawn without replacement, get a label drawn uniformly from all classes, their own included, so
 * that a fraction rate (1 - 1/C) of all labels is wrong.
 * @throws InputError for a rate outside [0, 1].
 * @see Huang et al. 2020, section 3 (arXiv 2002.10319)
 */
export function symmetric(labels: Int32Array, classes: number, rate: number, seed: number): Int32Array {
  const random = randomFrom(seed, "symmetric noise");
  const noisy = labels.slice();
  for (const index of random.sample(labels.length, countAtRate(rate, labels.length))) {
    noisy[index] = random.integer(classes);
  }
  return noisy;
}
