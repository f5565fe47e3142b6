// Bootstrapping: the label is trusted in part, the network's own answer for the rest.

import { requireFraction } from "../options/ranges.js";
import { fullPrecision } from "../torch/full-precision.js";
import { ops, type Tensor } from "../torch/index.js";
import { toIndices } from "./indices.js";
import type { LossObjective } from "./types.js";

export interface BootstrappingOptions {
  /** What the label is mixed with: `soft`, the network's probabilities; `hard`, its most probable class. */
  readonly form: "soft" | "hard";
  /** The share b of the target that is the label's; 0.95 for `soft` and 0.8 for `hard` unless given. */
  readonly beta?: number | undefined;
}

const published = { soft: 0.95, hard: 0.8 } as const;

/** H(p, p), averaged over the batch; the gradient flows through both. */
function softAnswer(logP: Tensor): Tensor {
  return logP.exp().mul(logP).sum([1]).mean().neg();
}

/** -log max_j p_ij, averaged over the batch; which class is largest is a constant. */
function hardAnswer(logP: Tensor): Tensor {
  return ops.nllLoss(logP, logP.detach().argmax({ dim: 1 }));
}

/**
 * Cross entropy with targets that are partly the network's own answer. Logits z (batch, classes), p_i = softmax(z_i).
 *
 * soft: loss = mean_i( -sum_j (b onehot(y_i)_j + (1 - b) p_ij) log p_ij ), the gradient flowing through the p of the target
 * too, as the paper writes it;  hard: the same with onehot(argmax p_i), a constant, in the place of that p
 * @throws RangeError when `beta` is outside 0 to 1.
 * @see Reed et al. 2015, equations 6 and 7 (arXiv 1412.6596)
 */
export function bootstrapping({ form, beta = published[form] }: BootstrappingOptions): LossObjective {
  requireFraction("beta", beta);
  const answer = form === "soft" ? softAnswer : hardAnswer;
  return {
    name: `bootstrap-${form}`,
    loss(logits, { labels }) {
      const logP = fullPrecision(logits).logSoftmax(1);
      const given = ops.nllLoss(logP, toIndices(labels, logits.device));
      return given.mul(beta).add(answer(logP).mul(1 - beta));
    },
    state: () => new Map(),
    load: () => {},
  };
}
