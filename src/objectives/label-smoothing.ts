// Label smoothing: targets mixed with the uniform distribution.

import { requireFraction } from "../options/ranges.js";
import { fullPrecision } from "../torch/full-precision.js";
import { ops } from "../torch/index.js";
import { toIndices } from "./indices.js";
import type { LossObjective } from "./types.js";

export interface LabelSmoothingOptions {
  /** e, the fraction of a target spread evenly over all classes, including the label's. */
  readonly smoothing?: number | undefined;
}

/**
 * Cross entropy with the target (1 - e) onehot(y_i) + e / C. Logits z (batch, classes).
 *
 * loss = mean_i( -(1 - e) log p_iy - (e / C) sum_j log p_ij ),  p_i = softmax(z_i)
 * @throws RangeError when `smoothing` is outside 0 to 1.
 * @see Szegedy et al. 2016, section 7 (arXiv 1512.00567), whose e = 0.1 is the default
 */
export function labelSmoothing({ smoothing = 0.1 }: LabelSmoothingOptions = {}): LossObjective {
  requireFraction("smoothing", smoothing);
  return {
    name: "label-smoothing",
    loss(logits, { labels }) {
      const logP = fullPrecision(logits).logSoftmax(1);
      const given = ops.nllLoss(logP, toIndices(labels, logits.device));
      return given.mul(1 - smoothing).sub(logP.mean().mul(smoothing));
    },
    state: () => new Map(),
    load: () => {},
  };
}
