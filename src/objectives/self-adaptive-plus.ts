// Early-learning regularization, then self-adaptive training by an average of the network: an extension, not the paper's.
import { requireFraction, requireNonNegative } from "../options/ranges.js";
import { fullPrecision } from "../torch/full-precision.js";
import { type DType, keep, noGrad, ops, type Tensor } from "../torch/index.js";
import { earlyLearning } from "./early-learning.js";
import { countOf, type Indices, toIndices } from "./indices.js";
import { mixImages } from "./mixing.js";
import { pinnedSamples } from "./pinned.js";
import { copyState, type TargetNetwork } from "./representations.js";
import type { SampleState } from "./sample-state/sample-state.js";
import { oneHotRows, updateAverages } from "./sample-targets.js";
import { weightedLoss } from "./self-adaptive.js";
import type { StepObjective } from "./types.js";

export interface SelfAdaptivePlusOptions {
  /** The given label of every training sample, in data set order. */
  readonly labels: Indices;
  readonly classes: number;
  /** The average of the trained network. */
  readonly targetNetwork: TargetNetwork;
  /** d, the fraction of that average kept at each step, by the fraction of training that the step took (default: always 0.99). */
  readonly decay?: ((taken: number) => number) | undefined;
  /** m, the fraction of a target kept at each update (default: 0.7). */
  readonly momentum?: number | undefined;
  /** The first epoch, counted from 0, in which targets replace the labels. */
  readonly startEpoch: () => number;
  /** l, the weight of the regularizer before (default: 3). */
  readonly lambda?: number | undefined;
  /** a of Beta(a, a), the weights of mixup from the start on; 0 for images as they are (default: 1). */
  readonly mixupAlpha?: number | undefined;
  /** Samples whose targets stay at their labels (default: none). */
  readonly pinned?: Indices | undefined;
  /** Where state of samples is kept (default: all in this process). */
  readonly state?: SampleState | undefined;
  readonly dtype?: DType;
  readonly device?: string;
}

/**
 * Early-learning regularization before `startEpoch`, so that little is memorized, and self-adaptive training with its averages as targets from
 * then on. With f the network, g its average, y the labels, averages t from zero:
 *
 * before:  t_i <- m t_i + (1 - m) p_i,  p_i = softmax(f(x_i));  loss = mean_i( H(y_i, p_i) + l log(1 - <t_i, p_i>) )
 *
 * then:    t_i <- m t_i + (1 - m) softmax(g(x_i));  a_i = (t_i[y_i] / max_j t_ij)^2, how far they agree with the label
 *          u_i = (1 - a_i) t_i / sum_j t_ij + a_i y_i;  w_i = max_j u_ij
 *          loss = sum_i w~_i H(u~_i, softmax(f(x~_i))) / sum_i w~_i,  x~, u~ and w~ mixed by one weight of Beta(a, a)
 *
 * After each step g <- d g + (1 - d) f. Targets of `pinned` samples are their labels throughout. The logits of a step are those that t follows.
 * @throws RangeError when an option is out of range.
 * @see Huang et al. 2020 (arXiv 2002.10319) for targets and weights; Liu et al. 2020 (arXiv 2007.00151) for the regularizer; Tarvainen and
 *   Valpola 2017 (arXiv 1703.01780) for the average; Zhang et al. 2018 (arXiv 1710.09412) for mixup
 */
export function selfAdaptivePlus(options: SelfAdaptivePlusOptions): StepObjective & { readonly targets: Tensor } {
  const { labels, targetNetwork, decay = () => 0.99, startEpoch } = options;
  const { momentum = 0.7, lambda, mixupAlpha = 1 } = options;
  requireFraction("momentum", momentum);
  requireNonNegative("mixupAlpha", mixupAlpha);
  const pinned = pinnedSamples(options.pinned);
  const early = earlyLearning({ ...options, samples: countOf(labels), lambda, beta: momentum });
  const { targets, targetRows } = early;
  /** The fraction of training done by the step before. */
  const done = keep(ops.zeros([], { dtype: "float64" }));
  const state = () => new Map([["targets", targets], ["done", done], ...targetNetwork.state()]);

  return {
    name: "sat-plus",
    targets,
    targetRows,
    step(forward, batch) {
      const { images, labels, index, epoch } = batch;
      if (epoch < startEpoch()) {
        const logits = forward(images);
        return { loss: early.loss(logits, batch), logits };
      }
      const logits = targetNetwork.outputs(images);
      const t = noGrad(() => updateAverages(targetRows, index, fullPrecision(logits).softmax(1), momentum, pinned));
      return { loss: mixedLoss(forward, images, keepAgreed(t, labels)), logits };
    },
    afterStep(fraction) {
      // Less than before where a run was extended.
      targetNetwork.follow(decay(Math.max(0, fraction - done.item())));
      noGrad(() => void done.fill_(fraction));
    },
    state,
    load: (from) => copyState(from, state()),
  };

  /** u, from averages t. */
  function keepAgreed(t: Tensor, given: Indices): Tensor {
    const y = oneHotRows(toIndices(given, t.device), options.classes, t.dtype);
    const own = t.mul(y).sum([1], { keepdim: true });
    const agreement = own.div(t.amax({ dim: [1], keepdim: true })).square();
    return t.div(t.sum([1], { keepdim: true })).lerp(y, agreement);
  }

  function mixedLoss(forward: (images: Tensor) => Tensor, images: Tensor, u: Tensor): Tensor {
    const weights = u.amax({ dim: [1] });
    const lossOf = (inputs: Tensor, t: Tensor, weights: Tensor) => {
      const logP = fullPrecision(forward(inputs)).logSoftmax(1);
      return weightedLoss({ logP, p: logP.exp(), t: t.to(logP.dtype), weights: weights.to(logP.dtype) }, {});
    };
    if (mixupAlpha === 0) return lossOf(images, u, weights);
    const { images: mixed, order, weight } = mixImages(images, { mixupAlpha });
    const mix = (rows: Tensor) => rows.mul(weight).add(rows.indexSelect(0, order).mul(1 - weight));
    return lossOf(mixed, mix(u), mix(weights));
  }
}
