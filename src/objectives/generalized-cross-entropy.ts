// Generalized cross entropy: between cross entropy and the absolute error, which is more robust to noise.
import { fullPrecision } from "../torch/full-precision.js";
import { toIndices } from "./indices.js";
import type { LossObjective } from "./types.js";

export interface GeneralizedCrossEntropyOptions {
  /** From near 0, which is cross entropy, to 1, which is the absolute error 1 - p_y. */
  readonly q?: number | undefined;
}

/**
 * Generalized cross entropy. Logits z (batch, classes), p_i = softmax(z_i).
 *
 * loss = mean_i( (1 - p_iy^q) / q )
 * @throws RangeError unless 0 < q <= 1.
 * @see Zhang and Sabuncu 2018 (arXiv 1805.07836), whose q = 0.7 is the default; without their truncation
 */
export function generalizedCrossEntropy({ q = 0.7 }: GeneralizedCrossEntropyOptions = {}): LossObjective {
  if (!(q > 0 && q <= 1)) throw new RangeError(`\`q\`: received ${q}; expected a number above 0 and at most 1`);
  return {
    name: "gce",
    loss(logits, { labels }) {
      const logP = fullPrecision(logits).logSoftmax(1);
      const given = logP.gather(1, toIndices(labels, logits.device).unsqueeze(1));
      // expm1 keeps the digits that 1 - p^q loses where q is small.
      return given.mul(q).expm1().mean().div(-q);
    },
    state: () => new Map(),
    load: () => {},
  };
}
