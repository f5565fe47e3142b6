// The losses that attacks maximize: of logits (n, classes), one value a sample.
import { InputError } from "../../errors.js";
import type { Tensor } from "../../torch/index.js";

/** Losses (n) of logits (n, classes) and labels (n) int64; an attack maximizes their sum, each sample independently. */
export type SampleLoss = (logits: Tensor, labels: Tensor) => Tensor;

/** The logit of each sample for its class: z_{c_i}, classes (n) int64. */
function logitOf(logits: Tensor, classes: Tensor): Tensor {
  return logits.gather(1, classes.unsqueeze(1)).squeeze(1);
}

/** Cross entropy: -log softmax(z)_y. */
export function crossEntropy(logits: Tensor, labels: Tensor): Tensor {
  return logitOf(logits.logSoftmax(1), labels).neg();
}

/**
 * The margin of the likeliest wrong class, over 0 where the network misclassifies: max_{j != y} z_j - z_y.
 * @see Carlini & Wagner 2017 (arXiv 1608.04644), f_6 with the opposite sign
 */
export function margin(logits: Tensor, labels: Tensor): Tensor {
  const others = logits.scatter(1, labels.unsqueeze(1), Number.NEGATIVE_INFINITY).amax({ dim: [1] });
  return others.sub(logitOf(logits, labels));
}

/** Keeps a quotient finite where logits are equal. */
const least = 1e-12;

/** Logits from the largest down, refusing networks of too few classes. */
function ranked(logits: Tensor, name: string, classes: number): (rank: number) => Tensor {
  const available = logits.shape[1] as number;
  if (available < classes)
    throw new InputError(`the ${name} loss needs ${classes} classes or more; the network has ${available}`);
  const sorted = logits.sort({ dim: 1, descending: true })[0];
  return (rank) => sorted.select(1, rank - 1);
}

/**
 * The difference of logits ratio, invariant to shifting and scaling the logits, z_(k) being the k-th largest:
 * (max_{j != y} z_j - z_y) / (z_(1) - z_(3)).
 * @throws InputError where there are fewer than 3 classes.
 * @see Croce & Hein 2020, equation 6 (arXiv 2003.01690)
 */
export function differenceOfLogitsRatio(logits: Tensor, labels: Tensor): Tensor {
  const z = ranked(logits, "DLR", 3);
  return margin(logits, labels).div(z(1).sub(z(3)).add(least));
}

/**
 * The difference of logits ratio towards one class t a sample, (n) int64: (z_t - z_y) / (z_(1) - (z_(3) + z_(4)) / 2).
 * @throws InputError where there are fewer than 4 classes.
 * @see Croce & Hein 2020, equation 7 (arXiv 2003.01690)
 */
export function targetedDifferenceOfLogitsRatio(targets: Tensor): SampleLoss {
  return (logits, labels) => {
    const z = ranked(logits, "targeted DLR", 4);
    const spread = z(1)
      .sub(z(3).add(z(4)).mul(0.5))
      .add(least);
    return logitDifference(targets)(logits, labels).div(spread);
  };
}

/** The lead of one class t a sample, (n) int64, over the label: z_t - z_y. */
export function logitDifference(targets: Tensor): SampleLoss {
  return (logits, labels) => logitOf(logits, targets).sub(logitOf(logits, labels));
}
