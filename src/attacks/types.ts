// The interface of attacks: searches for an image near each clean image that the network misclassifies.
import type { Tensor } from "../torch/index.js";

/**
 * The network under attack: logits (n, classes) of images (n, channels, height, width) with pixels from 0 to 1. It is in
 * evaluation mode, and normalization is part of it, so that every attack works in pixel space.
 */
export type Classifier = (images: Tensor) => Tensor;

/** The images that an attack may return: |x' - x| of at most `epsilon` in this norm, pixels from 0 to 1. */
export interface Ball {
  readonly norm: "inf" | "2";
  readonly epsilon: number;
}

/** The images to attack, which the network classifies correctly. */
export interface AttackBatch {
  /** (n, channels, height, width), pixels from 0 to 1, float32 or float64. */
  readonly images: Tensor;
  /** (n) int64, on the images' device. */
  readonly labels: Tensor;
  /** The position of each image in the data set: randomness is keyed by (seed, attack, position), never by the batch. */
  readonly index: Int32Array;
}

/** What an attack uses: gradients with respect to the pixels (white box), or logits alone (black box). */
export type NetworkAccess = "gradients" | "logits";

export interface Attack {
  /** The name in commands and results, such as `pgd` or `apgd-ce`. */
  readonly name: string;
  /** `gradients` by default. */
  readonly access?: NetworkAccess;
  /**
   * Images inside the ball and inside [0, 1], of the batch's shape and dtype, the caller's to release: for each sample an
   * adversarial example where the attack found one. Deterministic by seed; the network's parameters get no gradient.
   */
  perturb(model: Classifier, batch: AttackBatch): Tensor;
}
