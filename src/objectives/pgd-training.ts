// PGD adversarial training: cross entropy on adversarial images.

import { fullPrecision } from "../torch/full-precision.js";
import { ops, type Tensor } from "../torch/index.js";
import { type AdversarialOptions, attackDefaults, innerAttack } from "./adversarial.js";
import { crossEntropyLoss } from "./cross-entropy.js";
import { toIndices } from "./indices.js";
import type { StepObjective } from "./types.js";

/**
 * PGD adversarial training: trains on adversarial images x' in place of the images x. Logits z = f(x') (batch, classes).
 *
 * x' = argmax_{|x' - x| <= e} H(y, softmax(f(x'))), in evaluation mode, from x + U(-e, e);  loss = mean_i H(y_i, softmax(z_i))
 *
 * The start is drawn from libtorch's default random stream.
 * @throws RangeError when an option is out of range.
 * @see Madry et al. 2018 (arXiv 1706.06083)
 */
export function pgdTraining(options: AdversarialOptions = {}): StepObjective {
  const { epsilon = attackDefaults.epsilon } = options;
  const attack = innerAttack(options, (pixels) =>
    ops
      .randLike(pixels)
      .mul_(2 * epsilon)
      .sub_(epsilon)
      .add_(pixels),
  );
  return {
    name: "pgd-at",
    step(forward, { images, labels }) {
      const given = toIndices(labels, images.device).unsqueeze(1);
      const gain = (outputs: Tensor) => fullPrecision(outputs).logSoftmax(1).gather(1, given).sum().neg();
      const logits = forward(attack(forward, images, () => gain));
      return { loss: crossEntropyLoss(logits, labels), logits };
    },
    state: () => new Map(),
    load: () => {},
  };
}
