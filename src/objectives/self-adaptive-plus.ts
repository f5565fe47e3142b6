// Early-learning regularization, then self-adaptive training on its averages, both on mixed images: an extension, not the paper's.
import { requireFraction, requireNonNegative, requirePositive } from "../options/ranges.js";
import { fullPrecision } from "../torch/full-precision.js";
import { type DType, noGrad, type Tensor } from "../torch/index.js";
import { averagesFromZero, disagreement } from "./early-learning.js";
import { countOf, type Indices, toIndices } from "./indices.js";
import { mixImages, mixRows } from "./mixing.js";
import { pinnedSamples } from "./pinned.js";
import { copyState } from "./representations.js";
import type { SampleState } from "./sample-state/sample-state.js";
import { oneHotRows, updateAverages } from "./sample-targets.js";
import { weightedLoss } from "./self-adaptive.js";
import type { StepObjective } from "./types.js";

export interface SelfAdaptivePlusOptions {
  /** The given label of every training sample, in data set order. */
  readonly labels: Indices;
  readonly classes: number;
  /** m, the fraction of an average kept at each update (default: 0.7). */
  readonly momentum?: number | undefined;
  /** The first epoch, counted from 0, in which averages replace the labels. */
  readonly startEpoch: () => number;
  /** l, the weight of the regularizer before (default: 3). */
  readonly lambda?: number | undefined;
  /** a of Beta(a, a), the weights of mixup; 0 for images as they are (default: 1). */
  readonly mixupAlpha?: number | undefined;
  /** a of Beta(a, a), the areas of CutMix, in half of the batches where there is mixup, else in all (default: no CutMix). */
  readonly cutmixAlpha?: number | undefined;
  /** Samples whose targets stay at their labels (default: none). */
  readonly pinned?: Indices | undefined;
  /** Where state of samples is kept (default: all in this process). */
  readonly state?: SampleState | undefined;
  readonly dtype?: DType;
  readonly device?: string;
}

/** Images are mixed from this fraction of the start epoch on. */
const unmixedFraction = 0.5;

/** Mixes the rows of a batch as its images were mixed. */
type Mix = (rows: Tensor) => Tensor;
const unmixed: Mix = (rows) => rows;

/**
 * Early-learning regularization before `startEpoch`, so that little is memorized, and self-adaptive training with its averages as targets from
 * then on. With p = softmax(f(x)) of the network f, y the labels, averages t from zero, and s the start epoch:
 *
 * always:    t_i <- m t_i + (1 - m) p_i
 * before s:  loss = mean_i( H(y~_i, p~_i) + l log(1 - <t~_i, p~_i>) )
 * from s:    a_i = (t_i[y_i] / max_j t_ij)^2, how far averages agree with the label
 *            u_i = (1 - a_i) t_i / sum_j t_ij + a_i y_i;  w_i = max_j u_ij
 *            loss = sum_i w~_i H(u~_i, p~_i) / sum_i w~_i
 *
 * A tilde is of mixed images, from epoch s / 2 on: x~ = b x + (1 - b) x', b of Beta(a, a), p~ = softmax(f(x~)), and labels, averages and weights mixed
 * alike; with `cutmixAlpha`, x~ is x with a rectangle of x' in half of the batches, b the fraction of x that is left. Before, images are as they are. Targets of `pinned` samples are their labels throughout. The logits of a step are f(x).
 * @throws RangeError when an option is out of range.
 * @see Huang et al. 2020 (arXiv 2002.10319) for targets and weights; Liu et al. 2020 (arXiv 2007.00151) for the regularizer; Zhang et al. 2018
 *   (arXiv 1710.09412) for mixup; Yun et al. 2019 (arXiv 1905.04899) for CutMix
 */
export function selfAdaptivePlus(options: SelfAdaptivePlusOptions): StepObjective & { readonly targets: Tensor } {
  const { labels, classes, startEpoch, momentum = 0.7, lambda = 3, mixupAlpha = 1, cutmixAlpha } = options;
  requireFraction("momentum", momentum);
  requireNonNegative("lambda", lambda);
  requireNonNegative("mixupAlpha", mixupAlpha);
  if (cutmixAlpha !== undefined) requirePositive("cutmixAlpha", cutmixAlpha);
  const mixing = { mixupAlpha: mixupAlpha === 0 ? undefined : mixupAlpha, cutmixAlpha };
  const pinned = pinnedSamples(options.pinned);
  const targetRows = averagesFromZero({ ...options, samples: countOf(labels) });
  const targets = targetRows.kept;
  const state = () => new Map([["targets", targets]]);

  return {
    name: "sat-plus",
    targets,
    targetRows,
    step(forward, { images, labels, index, epoch }) {
      const start = startEpoch();
      const isMixed = (mixupAlpha > 0 || cutmixAlpha !== undefined) && epoch >= unmixedFraction * start;
      const logits = isMixed ? noGrad(() => forward(images)) : forward(images);
      const predictions = noGrad(() => fullPrecision(logits).softmax(1));
      const t = updateAverages(targetRows, index, predictions, momentum, pinned);
      const y = oneHotRows(toIndices(labels, t.device), classes, t.dtype);
      const lossOf = epoch < start ? earlyLoss(y, t, lambda) : targetLoss(y, t);
      if (!isMixed) return { loss: lossOf(logits, unmixed), logits };
      const mixed = mixImages(images, mixing);
      return { loss: lossOf(forward(mixed.images), (rows) => mixRows(rows, mixed)), logits };
    },
    state,
    load: (from) => copyState(from, state()),
  };
}

/** Of labels y and averages t: cross entropy with the labels, and the regularizer. */
function earlyLoss(y: Tensor, t: Tensor, lambda: number) {
  return (logits: Tensor, mix: Mix) => {
    const logP = fullPrecision(logits).logSoftmax(1);
    const entropy = mix(y).to(logP.dtype).mul(logP).sum([1]).mean().neg();
    return entropy.add(disagreement(logP, mix(t).to(logP.dtype)), { alpha: lambda });
  };
}

/** Of labels y and averages t: the self-adaptive loss with averages that keep the label as far as they agree with it. */
function targetLoss(y: Tensor, t: Tensor) {
  const own = t.mul(y).sum([1], { keepdim: true });
  const agreement = own.div(t.amax({ dim: [1], keepdim: true })).square();
  const u = t.div(t.sum([1], { keepdim: true })).lerp(y, agreement);
  const w = u.amax({ dim: [1] });
  return (logits: Tensor, mix: Mix) => {
    const logP = fullPrecision(logits).logSoftmax(1);
    const [targets, weights] = [mix(u), mix(w)].map((rows) => rows.to(logP.dtype)) as [Tensor, Tensor];
    return weightedLoss({ logP, p: logP.exp(), t: targets, weights }, {});
  };
}
