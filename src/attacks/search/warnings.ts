// Known signs that an evaluation by attacks is unreliable.
import { percent } from "../../format.js";
import { scope, type Tensor } from "../../torch/index.js";
import { logitsOf, lossGradient } from "../steps/gradient.js";
import { crossEntropy } from "../steps/losses.js";
import type { Attack, AttackBatch, Classifier } from "../types.js";

/** Two passes differ by more than this, relative to the logits' norm, only where something is random. */
const sameOutputs = 1e-4;
/** How far from 1 the sum of probabilities may be. */
const sameSum = 1e-5;
/** Of accuracy: a black-box attack beating white-box ones by more means that their gradients are masked. */
const blackBoxLead = 0.002;
const rounding = 1e-9;

/**
 * What makes attacks on this network unreliable, a line each, checked on some images of its data: training mode, outputs that
 * differ between two passes, outputs that are probabilities, gradients that are zero, fewer than 4 classes.
 * @see Croce and Hein 2020 (arXiv 2003.01690); Carlini et al. 2019 (arXiv 1902.06705)
 */
export function attackWarnings(
  model: Classifier,
  { images, labels }: Pick<AttackBatch, "images" | "labels">,
  { training = false }: { readonly training?: boolean } = {},
): string[] {
  return scope(() => {
    const logits = logitsOf(model, images);
    return [
      ...(training
        ? ["the model is in training mode: with batch norm and dropout its predictions depend on the batch"]
        : []),
      ...randomWarnings(logits, logitsOf(model, images)),
      ...probabilityWarnings(logits),
      ...gradientWarnings(lossGradient(model, images, (z) => crossEntropy(z, labels)).gradient),
      ...classWarnings(logits.shape[1] as number),
    ];
  });
}

function randomWarnings(first: Tensor, second: Tensor): string[] {
  const length = first.norm(2, 1).clampMin(Number.MIN_VALUE);
  if (first.sub(second).norm(2, 1).div(length).amax().item() <= sameOutputs) return [];
  return ["the outputs differ between two passes: attacks on random outputs need averages over many passes"];
}

function probabilityWarnings(outputs: Tensor): string[] {
  const [least, most] = [outputs.amin().item(), outputs.amax().item()];
  const sums = outputs.sum(1).sub(1).abs().amax().item();
  if (least < -sameSum || most > 1 + sameSum || sums > sameSum) return [];
  return ["the outputs look like probabilities (0 to 1, summing to 1): attacks need logits"];
}

function gradientWarnings(gradient: Tensor): string[] {
  const steepest = gradient
    .flatten({ startDim: 1 })
    .abs()
    .amax({ dim: [1] });
  const zero = steepest.eq(0).sum().item();
  if (zero === 0) return [];
  const samples = gradient.shape[0] as number;
  return [
    `the gradient of the cross entropy is zero for ${zero} of ${samples} images (${percent(zero / samples)}): white-box attacks may miss adversarial examples that Square finds`,
  ];
}

/** What cannot be tried with few classes. */
export function classWarnings(classes: number): string[] {
  if (classes >= 4) return [];
  return [`with ${classes} classes there is no targeted DLR loss, which needs 4: AutoAttack leaves APGD-T out`];
}

/** The robust accuracies after each of a sequence of attacks: a black-box attack should not lower it much after white-box ones. */
export function resultWarnings(
  tried: readonly { readonly robustAccuracy: number }[],
  attacks: readonly Pick<Attack, "name" | "access">[],
): string[] {
  const at = attacks.findIndex(({ access }) => access === "logits");
  if (at < 1) return [];
  const lead = tried[at - 1]!.robustAccuracy - tried[at]!.robustAccuracy;
  if (lead <= blackBoxLead + rounding) return [];
  const points = (100 * lead).toFixed(2);
  return [
    `${attacks[at]!.name} lowered the robust accuracy by ${points} points after the white-box attacks: their gradients seem masked, and stronger attacks may find more`,
  ];
}
