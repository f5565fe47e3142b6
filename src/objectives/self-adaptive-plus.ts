// Self-adaptive training by an average of the network, on mixed images: an extension, not the paper's.
import { requireNonNegative } from "../options/ranges.js";
import { fullPrecision } from "../torch/full-precision.js";
import { type DType, distributed, keep, noGrad, ops, scope, type Tensor } from "../torch/index.js";
import { toIndices } from "./indices.js";
import { mixImages } from "./mixing.js";
import { copyState, type TargetNetwork } from "./representations.js";
import { oneHotRows, sampleTargets } from "./sample-targets.js";
import { weightedLoss } from "./self-adaptive.js";
import type { Indices, StepObjective } from "./types.js";

export interface SelfAdaptivePlusOptions {
  /** The given label of every training sample, in data set order. */
  readonly labels: Indices;
  readonly classes: number;
  /** The average of the trained network. */
  readonly targetNetwork: TargetNetwork;
  /** d, the fraction of that average kept at each step, by the fraction of training that the step took (default: always 0.99). */
  readonly decay?: ((taken: number) => number) | undefined;
  /** m, the fraction of a target kept at each update (default: 0.9); a function if it is determined during training. */
  readonly momentum?: number | (() => number) | undefined;
  /** The first epoch, counted from 0, in which targets move. */
  readonly startEpoch: () => number;
  /** a of Beta(a, a), the weights of mixup; 0 for images as they are (default: 1). */
  readonly mixupAlpha?: number | undefined;
  /** T, the temperature of the predictions that targets follow: sharper below 1 (default: 0.5). */
  readonly temperature?: number;
  /** Whether predictions are rescaled to the class frequencies of the labels (default: true). */
  readonly balanced?: boolean;
  /** Samples whose targets stay at their labels (default: none). */
  readonly pinned?: Indices | undefined;
  /** The ranks that train together: class frequencies are those of all (default: this process). */
  readonly group?: distributed.ProcessGroup | undefined;
  readonly dtype?: DType;
  readonly device?: string;
}

/** The fraction of the running class frequencies of the predictions kept at each step. */
const frequencyMomentum = 0.99;

/**
 * Self-adaptive training whose targets follow an average of the network, on mixed images. With f the network, g its average, y the
 * labels' class frequencies, r those of the predictions (a running mean), and T the temperature:
 *
 * q_i = softmax(g(x_i));  s_ij = q_ij^(1/T) y_j / r_j, divided by its sum;  t_i <- m t_i + (1 - m) s_i;  w_i = max_j t_ij
 * loss = sum_i w~_i H(t~_i, softmax(f(x~_i))) / sum_i w~_i,  x~, t~ and w~ mixed by one weight of Beta(a, a)
 *
 * After the step g <- d g + (1 - d) f. Before `startEpoch` targets stay at the labels; those of `pinned` samples always do. A run took 1.4
 * times as long as one of `sat`, because the average takes a forward pass. The logits of a step are the average's.
 * @throws RangeError when an option is out of range.
 * @see Huang et al. 2020 (arXiv 2002.10319) for targets and weights; Tarvainen and Valpola 2017 (arXiv 1703.01780) for the average; Zhang
 *   et al. 2018 (arXiv 1710.09412) for mixup; Berthelot et al. 2019 (arXiv 1905.02249 and 1911.09785) for sharpening and class frequencies
 */
export function selfAdaptivePlus(options: SelfAdaptivePlusOptions): StepObjective & { readonly targets: Tensor } {
  const { labels, classes, targetNetwork, decay = () => 0.99, startEpoch, mixupAlpha = 1 } = options;
  const { temperature = 0.5, balanced = true, dtype = "float32", device = "cpu" } = options;
  const { group = distributed.soloGroup } = options;
  requireNonNegative("mixupAlpha", mixupAlpha);
  if (!(temperature > 0)) throw new RangeError(`temperature is ${temperature}; expected a number above 0`);
  const targets = sampleTargets(options);
  const given = keep(scope(() => oneHotRows(toIndices(labels, device), classes, dtype).mean([0])));
  const predicted = keep(given.clone());
  /** The fraction of training done by the step before. */
  const done = keep(ops.zeros([], { dtype: "float64" }));

  /** Moves r towards the mean of p over the batch, that of all ranks. */
  function countPredicted(p: Tensor): void {
    const [all] = distributed.gatherRowsNow(group, [p.to(dtype)]).tensors as [Tensor];
    predicted.mul_(frequencyMomentum).add_(all.mean([0]), { alpha: 1 - frequencyMomentum });
  }

  /** s, (n, classes). */
  function moderated(p: Tensor): Tensor {
    const sharp = p.pow(1 / temperature);
    if (!balanced) return sharp.div(sharp.sum([1], { keepdim: true }));
    countPredicted(p);
    const scaled = sharp.mul(given.div(predicted.clampMin(1e-6)).to(p.dtype));
    return scaled.div(scaled.sum([1], { keepdim: true }));
  }

  return {
    name: "sat-plus",
    targets: targets.values,
    step(forward, { images, index, epoch }) {
      const started = epoch >= startEpoch();
      const logits = targetNetwork.outputs(images);
      noGrad(() => {
        const s = moderated(fullPrecision(logits).softmax(1));
        if (started) targets.update(index, s);
      });
      const t = targets.values.indexSelect(0, toIndices(index, device));
      const weights = t.amax({ dim: [1] });
      return { loss: mixedLoss(forward, images, { t, weights }), logits };
    },
    absent() {
      if (balanced) scope(() => noGrad(() => countPredicted(ops.zeros([0, classes], { dtype, device }))));
    },
    afterStep(fraction) {
      // Less than before where a run was extended.
      targetNetwork.follow(decay(Math.max(0, fraction - done.item())));
      noGrad(() => void done.fill_(fraction));
    },
    state,
    load: (from) => copyState(from, state()),
  };

  function state(): Map<string, Tensor> {
    return new Map([...targets.state(), ["predicted", predicted], ["done", done], ...targetNetwork.state()]);
  }

  function mixedLoss(forward: (images: Tensor) => Tensor, images: Tensor, own: { t: Tensor; weights: Tensor }): Tensor {
    const lossOf = (inputs: Tensor, t: Tensor, weights: Tensor) => {
      const logP = fullPrecision(forward(inputs)).logSoftmax(1);
      return weightedLoss({ logP, p: logP.exp(), t: t.to(logP.dtype), weights: weights.to(logP.dtype) }, {});
    };
    if (mixupAlpha === 0) return lossOf(images, own.t, own.weights);
    const { images: mixed, order, weight } = mixImages(images, { mixupAlpha });
    const mix = (rows: Tensor) => rows.mul(weight).add(rows.indexSelect(0, order).mul(1 - weight));
    return lossOf(mixed, mix(own.t), mix(own.weights));
  }
}
