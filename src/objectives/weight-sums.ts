// The sum of weights behind a loss that is a weighted mean: losses of several parts of a batch are averaged by it.
import type { Tensor } from "../torch/index.js";

const sums = new WeakMap<Tensor, Tensor>();

/** The loss, with the sum of its samples' weights on record; a loss that is computed from it has none. */
export function withWeight(loss: Tensor, weight: Tensor): Tensor {
  sums.set(loss, weight);
  return loss;
}

/** The sum of the samples' weights; undefined where all count alike. */
export const weightOf = (loss: Tensor): Tensor | undefined => sums.get(loss);
