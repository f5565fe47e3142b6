// TRADES: a loss on clean images, and a penalty for predictions that change under attack.

import { requireNonNegative } from "../options/ranges.js";
import { fullPrecision } from "../torch/full-precision.js";
import { noGrad, ops, type Tensor } from "../torch/index.js";
import { type AdversarialOptions, innerAttack } from "./adversarial.js";
import { crossEntropy } from "./cross-entropy.js";
import type { LossObjective, StepObjective } from "./types.js";
import { weightOf } from "./weight-sums.js";

export interface TradesOptions extends AdversarialOptions {
  /** b, the weight of the divergence between clean and adversarial predictions. */
  readonly tradesBeta?: number | undefined;
  /** The loss on the clean images: cross entropy, or `selfAdaptive(...)`, whose targets follow the clean predictions. */
  readonly natural?: LossObjective | undefined;
}

/** KL(softmax(z) || softmax(z')), summed over the batch; logits (n, classes). */
function divergence(logits: Tensor, adversarial: Tensor): Tensor {
  const [logP, logQ] = [fullPrecision(logits).logSoftmax(1), fullPrecision(adversarial).logSoftmax(1)];
  return logP.exp().mul(logP.sub(logQ)).sum();
}

/**
 * TRADES: logits z = f(x) of the clean images, and z' = f(x') of the adversarial ones, in a separate forward pass.
 *
 * x' = argmax_{|x' - x| <= e} KL(f(x) || f(x')), in evaluation mode, from x + 0.001 N(0, 1);
 * loss = natural(z) + b / n KL(softmax(z) || softmax(z')), the gradient flowing through both arguments
 *
 * With `natural` the self-adaptive loss it is the paper's `trades-sat`, with cross entropy the `trades` of Zhang et al. The
 * start is drawn from libtorch's default random stream.
 * @throws RangeError when an option is out of range.
 * @see Zhang et al. 2019 (arXiv 1901.08573), whose b = 6 is the default; Huang et al. 2020, section 4 (arXiv 2002.10319)
 */
export function trades(options: TradesOptions = {}): StepObjective {
  const { tradesBeta = 6, natural = crossEntropy() } = options;
  requireNonNegative("tradesBeta", tradesBeta);
  const attack = innerAttack(options, (pixels) => pixels.add(ops.randnLike(pixels), { alpha: 0.001 }));

  return {
    name: natural.name === "ce" ? "trades" : `trades-${natural.name}`,
    ...(natural.targets && { targets: natural.targets, terms: 2 }),
    ...(natural.targetRows && { targetRows: natural.targetRows }),
    beginEpoch: (epoch) => natural.beginEpoch?.(epoch),
    step(forward, batch) {
      const { images } = batch;
      const adversarial = attack(forward, images, () => {
        const unattacked = noGrad(() => forward(images));
        return (outputs) => divergence(unattacked, outputs);
      });
      const logits = forward(images);
      const disagreement = divergence(logits, forward(adversarial));
      const [samples = 1] = logits.shape;
      const clean = natural.loss(logits, batch);
      const alpha = tradesBeta / samples;
      const terms = [{ loss: clean, weight: weightOf(clean) }, { loss: disagreement.mul(alpha) }];
      return { loss: clean.add(disagreement, { alpha }), logits, terms };
    },
    state: () => natural.state(),
    load: (state) => natural.load(state),
  };
}
