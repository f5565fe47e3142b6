// DeepFool: the nearest decision boundary of all classes, linearized again at every step.

import { count, nonNegative } from "../options/index.js";
import { ops, scope, type Tensor } from "../torch/index.js";
import { defineAttack } from "./define-attack.js";
import { considerInside } from "./search/inside-ball.js";
import { attackStillCorrect, type Consider } from "./search/still-correct.js";
import { perImage, steepest } from "./steps/geometry.js";
import { logitsOf, lossGradients } from "./steps/gradient.js";
import { logitDifference } from "./steps/losses.js";
import { wrongClasses } from "./steps/targets.js";
import type { AttackBatch, Ball, Classifier } from "./types.js";

export const deepFoolAttack = defineAttack({
  name: "deepfool",
  title: "DeepFool",
  description: "the nearest decision boundary of the linearized network",
  access: "gradients",
  options: () => ({
    steps: count().default(50).describe("most linearizations"),
    targets: count().default(9).describe("wrong classes to search, the likeliest first"),
    overshoot: nonNegative()
      .default(0.02)
      .describe("fraction by which the perturbation exceeds the distance to the boundary"),
  }),
  perturb: (options) => (model, batch) =>
    attackStillCorrect(model, batch, 1, (remaining, consider) => {
      const wrong = wrongClasses(model, remaining);
      const targets = wrong.narrow(1, 0, Math.min(options.targets, wrong.shape[1] as number));
      const cleanLogits = logitsOf(model, remaining.images);
      crossBoundary({ ...options, model, batch: remaining, cleanLogits, targets, consider });
    }),
});

/**
 * DeepFool: at every step the network is linearized and the perturbation extended to the nearest of its decision boundaries,
 * until the network is fooled.
 *
 * f_k = z_k - z_y and w_k = grad f_k at x_i;  l = argmin_k |f_k| / |w_k|_q;
 * 2 norm: r += |f_l| / |w_l|_2^2 w_l;  infinity norm: r += |f_l| / |w_l|_1 sign(w_l);
 * x_{i+1} = clip(x_0 + (1 + overshoot) r)
 *
 * q is the dual norm (2, or 1 for infinity). It searches for the nearest adversarial example, at any distance, and returns a
 * point that it visited inside the ball. Nothing in it is random. As in the authors' program, the overshoot applies at every
 * step rather than at the end, and the likeliest 9 wrong classes are searched; `clip` to [0, 1] is ours.
 *
 * By default at most 50 steps, overshoot 0.02.
 * @throws InputError when an option is out of range.
 * @see Moosavi-Dezfooli et al. 2016, algorithm 2 and equations 10 to 12 (arXiv 1511.04599)
 */
export const deepFool = deepFoolAttack.create;

interface BoundaryTask {
  readonly ball: Ball;
  readonly steps: number;
  readonly overshoot: number;
  readonly model: Classifier;
  readonly batch: AttackBatch;
  /** The wrong classes to search, (n, classes) int64. */
  readonly targets: Tensor;
  /** Of the clean images. */
  readonly cleanLogits: Tensor;
  readonly consider: Consider;
}

function crossBoundary(task: BoundaryTask): void {
  const { model, batch, ball, steps, overshoot } = task;
  const { images, labels } = batch;
  const perturbation = ops.zerosLike(images);
  const point = images.clone();
  const correct = ops.onesLike(labels, { dtype: "bool" });
  for (let step = 0; step < steps && correct.any().item(); step++) {
    scope(() => {
      const onto = nearestBoundary(point, task);
      perturbation.add_(onto.mul(perImage(correct, onto).to(onto.dtype)));
      point.copy_(images.add(perturbation, { alpha: 1 + overshoot }).clamp({ min: 0, max: 1 }));
      const logits = logitsOf(model, point);
      considerInside(ball, point, logits, task);
      correct.copy_(logits.argmax({ dim: 1 }).eq(labels));
    });
  }
}

/** The shortest vector onto the nearest of each sample's linearized boundaries. */
function nearestBoundary(point: Tensor, { model, batch, ball, targets }: BoundaryTask): Tensor {
  const ranks = Array.from({ length: targets.shape[1] as number }, (_, rank) => targets.select(1, rank));
  const { gradients } = lossGradients(model, point, (z) =>
    ranks.map((classes) => logitDifference(classes)(z, batch.labels)),
  );
  const candidates = gradients.map(({ losses, gradient }) => {
    const distance = losses.abs().div(dualLengths(gradient, ball.norm));
    return { distance, vector: steepest(gradient, ball.norm).mul(perImage(distance, gradient)) };
  });
  return candidates.reduce((nearest, other) => {
    const nearer = other.distance.lt(nearest.distance);
    return {
      distance: ops.where(nearer, other.distance, nearest.distance),
      vector: ops.where(perImage(nearer, point), other.vector, nearest.vector),
    };
  }).vector;
}

/** Keeps distances finite where a gradient is zero. */
const least = 1e-12;

/** |w_i|_q of each sample in the dual norm, (n). */
function dualLengths(vectors: Tensor, norm: Ball["norm"]): Tensor {
  return vectors
    .flatten({ startDim: 1 })
    .norm(norm === "inf" ? 1 : 2, 1)
    .clampMin(least);
}
