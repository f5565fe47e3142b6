// Deep Gamblers: a network that may abstain, trained by the doubling rate of a gambler.

import { fullPrecision } from "../torch/full-precision.js";
import type { Tensor } from "../torch/index.js";
import { ops } from "../torch/index.js";
import { classLogits, crossEntropyLoss } from "./cross-entropy.js";
import { toIndices } from "./indices.js";
import type { LossObjective } from "./types.js";

export interface DeepGamblersOptions {
  readonly classes: number;
  /** o, the payoff of a correct bet, from 1 (always abstain) to the number of classes (never abstain). */
  readonly reward?: number | undefined;
  /** The number of epochs of cross entropy on the classes at the start. */
  readonly pretrainEpochs?: number;
}

/**
 * Deep Gamblers: the doubling rate of a gambler who may abstain. Logits z (batch, classes + 1), p_i = softmax(z_i), the last
 * column being abstention.
 *
 * loss = mean_i( -log(p_i,y + p_i,abstain / o) )
 *
 * In the first `pretrainEpochs` it is cross entropy on the classes' logits. Confidence is 1 - p_abstain.
 * @throws RangeError unless the reward is above 1.
 * @see Liu et al. 2019, section 3 (arXiv 1907.00208), whose o = 2.2 for CIFAR-10 is the default
 */
export function deepGamblers({ classes, reward = 2.2, pretrainEpochs = 0 }: DeepGamblersOptions): LossObjective {
  if (!(reward > 1 && Number.isFinite(reward)))
    throw new RangeError(`\`reward\`: received ${reward}; expected a number above 1`);
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
 * The authors' pretraining epochs, scaled from their 300 epochs to `epochs`: 100 for a reward under 6.3; on SVHN 50 for a reward
 * under 6; on Dogs vs. Cats (two classes) 50; otherwise none.
 * @see the published code of Liu et al. 2019, which Huang et al. follow
 */
export function gamblersPretraining(of: { reward: number; classes: number; svhn: boolean; epochs: number }): number {
  const { reward, classes, svhn, epochs } = of;
  if (classes === 2) return Math.round(epochs / 6);
  if (svhn) return reward < 6 ? Math.round(epochs / 6) : 0;
  return reward < 6.3 ? Math.round(epochs / 3) : 0;
}
