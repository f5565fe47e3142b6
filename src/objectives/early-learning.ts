// Early-learning regularization: keeps the predictions close to those from before the network began to memorize.

import { requireFraction, requireNonNegative } from "../options/ranges.js";
import { fullPrecision } from "../torch/full-precision.js";
import { type DType, noGrad, ops, type Tensor } from "../torch/index.js";
import { type Indices, toIndices } from "./indices.js";
import { pinnedSamples } from "./pinned.js";
import { localState, type SampleRows, type SampleState, samplesOf } from "./sample-state/sample-state.js";
import { oneHotRows, updateAverages } from "./sample-targets.js";
import type { LossWithTargets } from "./self-adaptive.js";

export interface EarlyLearningOptions {
  /** Number of training samples. */
  readonly samples: number;
  readonly classes: number;
  /** l, the weight of the regularizer (default: 3). */
  readonly lambda?: number | undefined;
  /** b, the fraction of a target kept at each visit (default: 0.7). */
  readonly beta?: number | undefined;
  /** Samples whose targets are their labels from the beginning (default: none); needs `labels`. */
  readonly pinned?: Indices | undefined;
  /** The given label of every training sample. */
  readonly labels?: Indices | undefined;
  /** Where state of samples is kept (default: all in this process). */
  readonly state?: SampleState | undefined;
  readonly dtype?: DType;
  readonly device?: string;
}

/** Keeps the logarithm finite where a prediction equals its target. */
const least = 1e-4;

const clamped = (logP: Tensor) => logP.exp().clamp({ min: least, max: 1 - least });

/** mean_i log(1 - <t_i, p_i>) of log p and targets t (batch, classes), p clamped to [1e-4, 1 - 1e-4]. */
export const disagreement = (logP: Tensor, t: Tensor) => t.mul(clamped(logP)).sum([1]).neg().log1p().mean();

/** Running averages of predictions from zero, (samples, classes); labels for pinned samples. */
export function averagesFromZero(options: EarlyLearningOptions): SampleRows {
  const { samples, classes, labels, pinned, state = localState, dtype = "float32", device = "cpu" } = options;
  if (pinned !== undefined && labels === undefined)
    throw new RangeError("`pinned` needs `labels`: the given label of every training sample");
  return state.rows(samples, (block) => {
    const zeros = ops.zeros([block.count, classes], { dtype, device });
    if (pinned === undefined || labels === undefined) return zeros;
    const given = toIndices(labels, device).narrow(0, block.first, block.count);
    return pinnedSamples(pinned).hold(samplesOf(block), oneHotRows(given, classes, dtype), zeros);
  });
}

/**
 * Early-learning regularization: cross entropy with the given labels, and a term that pulls predictions towards their own
 * running average. Logits z (batch, classes), p_i = softmax(z_i) clamped to [1e-4, 1 - 1e-4].
 *
 * t_i <- b t_i + (1 - b) p_i / sum_j p_ij, a constant;  loss = mean_i( H(y_i, softmax(z_i)) + l log(1 - <t_i, p_i>) )
 *
 * Targets start at zero, so that a sample's first visits have little weight; those of `pinned` samples stay at their labels.
 * @throws RangeError when an option is out of range.
 * @see Liu et al. 2020 (arXiv 2007.00151), and their published code, whose l = 3, b = 0.7 for CIFAR-10 are the defaults
 */
export function earlyLearning(options: EarlyLearningOptions): LossWithTargets {
  const { lambda = 3, beta = 0.7 } = options;
  requireNonNegative("lambda", lambda);
  requireFraction("beta", beta);
  const pinned = pinnedSamples(options.pinned);
  const targetRows = averagesFromZero(options);
  const targets = targetRows.kept;

  return {
    name: "elr",
    targets,
    targetRows,
    loss(logits, { labels, index }) {
      const logP = fullPrecision(logits).logSoftmax(1);
      const predictions = noGrad(() => {
        const p = clamped(logP);
        return p.div(p.sum([1], { keepdim: true }));
      });
      const t = updateAverages(targetRows, index, predictions, beta, pinned).to(logP.dtype);
      const entropy = ops.nllLoss(logP, toIndices(labels, logits.device));
      return entropy.add(disagreement(logP, t).mul(lambda));
    },
    state: () => new Map([["targets", targets]]),
    load: (state) => noGrad(() => void targets.copy_(state.get("targets") as Tensor)),
  };
}
