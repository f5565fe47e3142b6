// Bootstrapping: targets between the given label and the network's own prediction.

import { requireFraction } from "../options/ranges.js";
import { fullPrecision } from "../torch/full-precision.js";
import type { Tensor } from "../torch/index.js";
import { type Indices, toIndices } from "./indices.js";
import { pinnedSamples } from "./pinned.js";
import type { LossObjective } from "./types.js";

export interface BootstrappingOptions {
  /** What the label is mixed with: the network's probabilities (`soft`) or its most probable class (`hard`). */
  readonly form: "soft" | "hard";
  /** b, the weight of the label in the target (default: 0.95 for `soft`, 0.8 for `hard`). */
  readonly beta?: number | undefined;
  /** Samples whose targets are their labels alone (default: none). */
  readonly pinned?: Indices | undefined;
}

const published = { soft: 0.95, hard: 0.8 } as const;

/** H(p, p), (batch, 1); the gradient flows through both. */
function softTerm(logP: Tensor): Tensor {
  return logP.exp().mul(logP).sum([1], { keepdim: true }).neg();
}

/** -log max_j p_ij, (batch, 1); which class is largest is a constant. */
function hardTerm(logP: Tensor): Tensor {
  return logP.gather(1, logP.detach().argmax({ dim: 1 }).unsqueeze(1)).neg();
}

/**
 * Cross entropy with targets that are partly the network's own prediction. Logits z (batch, classes), p_i = softmax(z_i).
 *
 * soft: loss = mean_i( -sum_j (b onehot(y_i)_j + (1 - b) p_ij) log p_ij ), the gradient flowing through the p of the target
 * too, as the paper writes it;  hard: the same with onehot(argmax p_i), a constant, in the place of that p
 * The target of `pinned` samples is the label alone.
 * @throws RangeError when `beta` is outside 0 to 1.
 * @see Reed et al. 2015, equations 6 and 7 (arXiv 1412.6596)
 */
export function bootstrapping({ form, beta = published[form], pinned }: BootstrappingOptions): LossObjective {
  requireFraction("beta", beta);
  const confirmed = pinnedSamples(pinned);
  const predictionTerm = form === "soft" ? softTerm : hardTerm;
  return {
    name: `bootstrap-${form}`,
    loss(logits, { labels, index }) {
      const logP = fullPrecision(logits).logSoftmax(1);
      const given = logP.gather(1, toIndices(labels, logits.device).unsqueeze(1)).neg();
      const mixed = given.mul(beta).add(predictionTerm(logP).mul(1 - beta));
      return confirmed.hold(index, given, mixed).mean();
    },
    state: () => new Map(),
    load: () => {},
  };
}
