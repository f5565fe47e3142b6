// Self-adaptive training: the paper's algorithm.

import { requireNonNegative } from "../options/ranges.js";
import { fullPrecision } from "../torch/full-precision.js";
import type { DType, Tensor } from "../torch/index.js";
import { crossEntropyLoss, flooredLog } from "./cross-entropy.js";
import type { Indices } from "./indices.js";
import type { SampleRows, SampleState } from "./sample-state/sample-state.js";
import { sampleTargets } from "./sample-targets.js";
import type { LossObjective } from "./types.js";
import { withWeight } from "./weight-sums.js";

export interface SelfAdaptiveOptions {
  /** The given label of every training sample, in data set order. */
  readonly labels: Indices;
  readonly classes: number;
  /** m, the fraction of a target kept at each update (default: 0.9); a function if it is determined during training. */
  readonly momentum?: number | (() => number);
  /** The first epoch, counted from 0, in which targets move (default: 60); a function if it is determined during training. */
  readonly startEpoch?: number | (() => number);
  /** `ce`: cross entropy with the targets. `sce`: the symmetric form, a H(t, p) + b H(p, t) (default: `ce`). */
  readonly form?: "ce" | "sce";
  /** a of the symmetric form (default: 1). */
  readonly alpha?: number;
  /** b of the symmetric form (default: 0.3). */
  readonly beta?: number;
  /** Samples whose targets stay at their labels (default: none). */
  readonly pinned?: Indices | undefined;
  /** Where state of samples is kept (default: all in this process). */
  readonly state?: SampleState | undefined;
  readonly dtype?: DType;
  readonly device?: string;
}

/** A loss with targets of its own for every sample. */
export type LossWithTargets = LossObjective & { readonly targets: Tensor; readonly targetRows: SampleRows };

/** The loss of predictions p (batch, classes) with targets t and a weight for each sample. */
export interface WeightedTargets {
  readonly logP: Tensor;
  readonly p: Tensor;
  readonly t: Tensor;
  readonly weights: Tensor;
}

/** sum_i w_i (a H(t_i, p_i) + b H(p_i, t_i)) / sum_i w_i, the second part in the symmetric form only. */
export function weightedLoss(
  { logP, p, t, weights }: WeightedTargets,
  { form = "ce", alpha = 1, beta = 0.3 }: Pick<SelfAdaptiveOptions, "form" | "alpha" | "beta">,
): Tensor {
  let losses = t.mul(logP).sum([1]).mul(-alpha);
  if (form === "sce") losses = losses.sub(p.mul(flooredLog(t)).sum([1]).mul(beta));
  const weight = weights.sum();
  return withWeight(losses.mul(weights).sum().div(weight), weight);
}

/**
 * Self-adaptive training: cross entropy with targets that drift from the labels to the network's own averaged
 * predictions, samples weighted by their targets' confidence. Logits z (batch, classes).
 *
 * t_i <- m t_i + (1 - m) softmax(z_i);  w_i = max_j t_ij;  loss = sum_i w_i H(t_i, softmax(z_i)) / sum_i w_i
 *
 * Before `startEpoch` it is plain cross entropy and the targets stay at the one-hot labels; those of `pinned` samples always do.
 * @throws RangeError when an option is out of range.
 * @see Huang et al. 2020, algorithm 1 (arXiv 2002.10319); the symmetric form follows Wang et al. 2019 (arXiv 1908.06112)
 */
export function selfAdaptive(options: SelfAdaptiveOptions): LossWithTargets {
  const { labels, classes, momentum = 0.9, startEpoch = 60, form = "ce", alpha = 1, beta = 0.3 } = options;
  const { dtype = "float32", device = "cpu", pinned, state } = options;
  for (const [name, value] of Object.entries({ startEpoch, alpha, beta })) {
    if (typeof value === "number") requireNonNegative(name, value);
  }
  const start = typeof startEpoch === "function" ? startEpoch : () => startEpoch;
  const targets = sampleTargets({ labels, classes, momentum, pinned, state, dtype, device });

  return {
    name: "sat",
    targets: targets.values,
    targetRows: targets.rows,
    loss(logits, { labels, index, epoch }) {
      if (epoch < start()) return crossEntropyLoss(logits, labels);
      const logP = fullPrecision(logits).logSoftmax(1);
      const p = logP.exp();
      const t = targets.update(index, p).to(logP.dtype);
      return weightedLoss({ logP, p, t, weights: t.amax({ dim: [1] }) }, { form, alpha, beta });
    },
    state: targets.state,
    load: targets.load,
  };
}
