// Deep Gamblers: a network that may put a part of its stake aside instead of betting it on a class.

import { fullPrecision } from "../torch/full-precision.js";
import type { Tensor } from "../torch/index.js";
import { ops } from "../torch/index.js";
import { classLogits, crossEntropyLoss } from "./cross-entropy.js";
import { toIndices } from "./indices.js";
import type { LossObjective } from "./types.js";

export interface DeepGamblersOptions {
  readonly classes: number;
  /** o, what a right bet pays: over 1, where abstaining always pays, to the number of classes, where it never does. */
  readonly reward?: number | undefined;
  /** How many epochs train by cross entropy on the classes alone. */
  readonly pretrainEpochs?: number;
}

/**
 * Deep Gamblers: the doubling rate of a gambler who may abstain. Logits z (batch, classes + 1), p_i = softmax(z_i), the last
 * column being abstention.
 *
 * loss = mean_i( -log(p_i,y + p_i,abstain / o) )
 *
 * In the first `pretrainEpochs` it is cross entropy on the classes' logits. Confidence is 1 - p_abstain.
 * @throws RangeError unless the reward is over 1.
 * @see Liu et al. 2019, section 3 (arXiv 1907.00208), whose o = 2.2 for CIFAR-10 is the default
 */
export function deepGamblers({ classes, reward = 2.2, pretrainEpochs = 0 }: DeepGamblersOptions): LossObjective {
  if (!(reward > 1 && Number.isFinite(reward))) throw new RangeError(`reward is over 1, received ${reward}`);
  return {
    name: "deep-gamblers",
    loss(logits: Tensor, { labels, epoch }) {
      if (epoch < pretrainEpochs) return crossEntropyLoss(classLogits(logits, classes), labels);
      const logP = fullPrecision(logits).logSoftmax(1);
      const own = logP.gather(1, toIndices(labels, logits.device).unsqueeze(1));
      const reserve = logP.narrow(1, classes, 1).sub(Math.log(reward));
      return ops.logaddexp(own, reserve).mean().neg();
    },
    state: () => new Map(),
    load: () => {},
  };
}

/**
 * The authors' pretraining, out of 300 epochs, in proportion to `epochs`: 100 for a reward under 6.3; of SVHN 50 for one under
 * 6; of Dogs vs. Cats, two classes, 50; else none.
 * @see the published code of Liu et al. 2019, which Huang et al. follow
 */
export function gamblersPretraining(of: { reward: number; classes: number; svhn: boolean; epochs: number }): number {
  const { reward, classes, svhn, epochs } = of;
  if (classes === 2) return Math.round(epochs / 6);
  if (svhn) return reward < 6 ? Math.round(epochs / 6) : 0;
  return reward < 6.3 ? Math.round(epochs / 3) : 0;
}
