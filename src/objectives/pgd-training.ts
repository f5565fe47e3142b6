// Adversarial training as it began: cross entropy of the worst images near those of the batch.
import { ops } from "../torch/index.js";
import { type AdversarialOptions, innerAttack } from "./adversarial.js";
import { crossEntropyLoss, fullPrecision } from "./cross-entropy.js";
import { toIndices } from "./indices.js";
import type { Objective } from "./types.js";

/**
 * PGD adversarial training: the network is shown x' in the place of the images x. Logits z = f(x') (batch, classes).
 *
 * x' = argmax_{|x' - x| <= e} H(y, softmax(f(x'))), in evaluation mode, from x + U(-e, e);  loss = mean_i H(y_i, softmax(z_i))
 *
 * The start is drawn from libtorch's default random stream.
 * @throws RangeError when an option is out of range.
 * @see Madry et al. 2018 (arXiv 1706.06083)
 */
export function madry(options: AdversarialOptions): Objective & Required<Pick<Objective, "inputs">> {
  const { epsilon = 0.031 } = options;
  const attack = innerAttack(options, (pixels) =>
    ops
      .randLike(pixels)
      .mul_(2 * epsilon)
      .sub_(epsilon)
      .add_(pixels),
  );
  return {
    name: "pgd-at",
    inputs(images, { labels }) {
      const given = toIndices(labels, images.device).unsqueeze(1);
      return attack(images, () => (outputs) => fullPrecision(outputs).logSoftmax(1).gather(1, given).sum().neg());
    },
    loss: (logits, { labels }) => crossEntropyLoss(logits, labels),
    state: () => new Map(),
    load: () => {},
  };
}
