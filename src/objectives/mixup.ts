// Mixup: the network learns from weighted means of pairs of samples.

import { requirePositive } from "../options/ranges.js";
import { fullPrecision } from "../torch/full-precision.js";
import { ops } from "../torch/index.js";
import { toIndices } from "./indices.js";
import { drawMixingWeight } from "./mixing.js";
import type { StepObjective } from "./types.js";

export interface MixupOptions {
  /** a of Beta(a, a), the distribution of each batch's mixing weight: near 0 hardly mixes, 1 is uniform. */
  readonly alpha?: number | undefined;
}

/**
 * Mixup: for each batch l ~ Beta(a, a) and a random order r of its samples. Logits z (batch, classes).
 *
 * x~_i = l x_i + (1 - l) x_r(i);  loss = mean_i( l H(y_i, softmax(z_i)) + (1 - l) H(y_r(i), softmax(z_i)) ),  z = f(x~)
 *
 * Both draws come from libtorch's default random stream of the images' device.
 * @throws RangeError unless `alpha` is over 0.
 * @see Zhang et al. 2018 (arXiv 1710.09412), whose a = 1 for CIFAR is the default
 */
export function mixup({ alpha = 1 }: MixupOptions = {}): StepObjective {
  requirePositive("alpha", alpha);
  return {
    name: "mixup",
    step(forward, { images, labels }) {
      const { device, dtype } = images;
      const order = ops.randperm(images.shape[0] as number, { dtype: "int64", device });
      const weight = drawMixingWeight(alpha, device).to(dtype);
      const mixed = images.mul(weight).add_(images.indexSelect(0, order).mul(weight.rsub(1)));
      const logits = forward(mixed);
      const logP = fullPrecision(logits).logSoftmax(1);
      const given = toIndices(labels, logits.device);
      const own = ops.nllLoss(logP, given);
      const others = ops.nllLoss(logP, given.indexSelect(0, order));
      return { loss: own.lerp(others, weight.rsub(1).to(logP.dtype)), logits };
    },
    state: () => new Map(),
    load: () => {},
  };
}
