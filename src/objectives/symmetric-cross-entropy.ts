// Symmetric cross entropy: cross entropy and its reverse, which tolerates noise.

import { requireNonNegative } from "../options/ranges.js";
import { fullPrecision } from "../torch/full-precision.js";
import { ops } from "../torch/index.js";
import { toIndices } from "./indices.js";
import type { LossObjective } from "./types.js";

export interface SymmetricCrossEntropyOptions {
  /** a, the weight of cross entropy H(y, p). */
  readonly alpha?: number | undefined;
  /** b, the weight of the reverse H(p, y). */
  readonly beta?: number | undefined;
}

/** A, the value of log 0 for one-hot labels. */
const logOfZero = -4;

/**
 * Symmetric cross entropy with the given labels. Logits z (batch, classes), p_i = softmax(z_i), log 0 := A = -4.
 *
 * loss = mean_i( -a log p_iy - b sum_j p_ij log onehot(y_i)_j ) = mean_i( -a log p_iy - b A (1 - p_iy) )
 * @throws RangeError when a weight is negative.
 * @see Wang et al. 2019 (arXiv 1908.06112), whose a = 0.1, b = 1 for CIFAR-10 are the defaults (their code takes A = log 1e-4)
 */
export function symmetricCrossEntropy({ alpha = 0.1, beta = 1 }: SymmetricCrossEntropyOptions = {}): LossObjective {
  requireNonNegative("alpha", alpha);
  requireNonNegative("beta", beta);
  return {
    name: "sce",
    loss(logits, { labels }) {
      const logP = fullPrecision(logits).logSoftmax(1);
      const given = toIndices(labels, logits.device);
      const reverse = logP.gather(1, given.unsqueeze(1)).expm1().mean().mul(logOfZero);
      return ops.nllLoss(logP, given).mul(alpha).add(reverse.mul(beta));
    },
    state: () => new Map(),
    load: () => {},
  };
}
