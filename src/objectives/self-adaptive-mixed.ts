// Self-adaptive training on mixed images.
import { fullPrecision } from "../torch/full-precision.js";
import { noGrad, type Tensor } from "../torch/index.js";
import { type MixingOptions, mixImages, mixRows } from "./mixing.js";
import { type LossWithTargets, type SelfAdaptiveOptions, weightedLoss } from "./self-adaptive.js";
import type { StepObjective } from "./types.js";

export interface MixedTargetsOptions extends MixingOptions, Pick<SelfAdaptiveOptions, "form" | "alpha" | "beta"> {
  /** The first epoch in which targets move; before it the loss is cross entropy. */
  readonly startEpoch: () => number;
}

/**
 * Self-adaptive training with mixup, CutMix or both (see `mixImages`). Targets follow the predictions for the images themselves, which
 * take a pass without gradient; the loss is that of mixed images x~ with mixed targets, l the weight and r the order:
 *
 * t~_i = l t_i + (1 - l) t_r(i);  w~_i = l w_i + (1 - l) w_r(i);  loss = sum_i w~_i H(t~_i, softmax(f(x~_i))) / sum_i w~_i
 *
 * Both passes update the running statistics of batch norm. The logits of the step are those of the images themselves.
 * @param objective self-adaptive training, which updates its targets as it computes a loss
 */
export function withMixedImages(
  objective: LossWithTargets,
  { startEpoch, mixupAlpha, cutmixAlpha, ...form }: MixedTargetsOptions,
): StepObjective & { readonly targets: Tensor } {
  const { name, targets, targetRows } = objective;
  return {
    name,
    targets,
    targetRows,
    step(forward, batch) {
      const started = batch.epoch >= startEpoch();
      const logits = noGrad(() => {
        const own = forward(batch.images);
        objective.loss(own, batch);
        return own;
      });
      const mixed = mixImages(batch.images, { mixupAlpha, cutmixAlpha });
      const logP = fullPrecision(forward(mixed.images)).logSoftmax(1);
      const t = targetRows.read(batch.index).to(logP.dtype);
      const weights = mixRows(t.amax({ dim: [1] }), mixed);
      const terms = { logP, p: logP.exp(), t: mixRows(t, mixed), weights };
      return { loss: weightedLoss(terms, started ? form : {}), logits };
    },
    beginEpoch: (epoch) => objective.beginEpoch?.(epoch),
    state: () => objective.state(),
    load: (state) => objective.load(state),
  };
}
