// The fast adaptive boundary attack, targeted: a search along the boundary between two classes, near the image.

import { count, fraction, nonNegative } from "../../options/index.js";
import { ops, scope, type Tensor } from "../../torch/index.js";
import { defineAttack } from "../define-attack.js";
import { considerInside } from "../search/inside-ball.js";
import { attackStillCorrect, type Consider } from "../search/still-correct.js";
import { lengths, perImage } from "../steps/geometry.js";
import { logitsOf, lossGradient } from "../steps/gradient.js";
import { logitDifference } from "../steps/losses.js";
import { wrongClasses } from "../steps/targets.js";
import type { AttackBatch, Ball, Classifier } from "../types.js";
import { projectOntoHyperplane } from "./hyperplanes.js";

export const fabTAttack = defineAttack({
  name: "fab-t",
  title: "FAB-T",
  description: "the nearest decision boundary toward one wrong class after another",
  access: "gradients",
  options: () => ({
    steps: count().default(100).describe("steps for each class"),
    targets: count().default(9).describe("wrong classes to try, the likeliest first"),
    alphaMax: fraction().default(0.1).describe("largest weight of the step from the clean image"),
    eta: nonNegative().default(1.05).describe("overshoot: step length relative to the distance to the boundary"),
    beta: fraction().default(0.9).describe("fraction of the perturbation that is kept after the network was fooled"),
  }),
  perturb: (options) => (model, batch) =>
    attackStillCorrect(model, batch, options.targets, (remaining, consider, rank) => {
      const wrong = wrongClasses(model, remaining);
      if (rank >= (wrong.shape[1] as number)) return;
      const cleanLogits = logitsOf(model, remaining.images);
      const search = { model, batch: remaining, cleanLogits, target: wrong.select(1, rank), consider };
      searchBoundary({ ...options, ...search });
    }),
});

/**
 * Targeted FAB: projects onto the linearized boundary f = z_t - z_y = 0, from the current point and from the image, and mixes
 * both.
 *
 * x <- clip((1 - a)(x + eta d(x)) + a (x_0 + eta d(x_0))), a = min(|d(x)| / (|d(x)| + |d(x_0)|), alphaMax),
 * then x <- x_0 + beta (x - x_0) where the network is fooled
 *
 * d is the shortest vector onto the hyperplane inside [0, 1]. It searches for the nearest adversarial example, at any
 * distance, and returns a point that it visited inside the ball. Nothing in it is random.
 *
 * By default 100 steps for each of 9 classes, alphaMax 0.1, eta 1.05, beta 0.9.
 * @throws InputError when an option is out of range.
 * @see Croce and Hein 2020 (arXiv 1907.02044)
 */
export const fabT = fabTAttack.create;

interface BoundarySearch {
  readonly ball: Ball;
  readonly steps: number;
  readonly alphaMax: number;
  readonly eta: number;
  readonly beta: number;
  readonly model: Classifier;
  readonly batch: AttackBatch;
  /** Of the clean images. */
  readonly cleanLogits: Tensor;
  readonly target: Tensor;
  readonly consider: Consider;
}

function searchBoundary(search: BoundarySearch): void {
  const point = search.batch.images.clone();
  for (let step = 0; step < search.steps; step++) scope(() => void point.copy_(takeStep(point, search)));
}

function takeStep(point: Tensor, search: BoundarySearch): Tensor {
  const { model, batch, ball, target, alphaMax, eta, beta } = search;
  const { images, labels } = batch;
  const { losses, gradient } = lossGradient(model, point, (z) => logitDifference(target)(z, labels));
  const normal = gradient.flatten({ startDim: 1 });
  const offset = normal
    .mul(point.flatten({ startDim: 1 }))
    .sum(1)
    .sub(losses);
  const ontoBoundary = (from: Tensor) =>
    projectOntoHyperplane(ball.norm, from.flatten({ startDim: 1 }), { normal, offset }).reshape(point.shape);
  const [fromPoint, fromClean] = [ontoBoundary(point), ontoBoundary(images)];
  const distance = lengths(fromPoint, ball.norm).clampMin(leastDistance);
  const cleanDistance = lengths(fromClean, ball.norm).clampMin(leastDistance);
  const alpha = perImage(distance.div(distance.add(cleanDistance)).clampMax(alphaMax), point);
  const forward = point.add(fromPoint, { alpha: eta }).mul(alpha.neg().add(1));
  const next = forward.add(images.add(fromClean, { alpha: eta }).mul(alpha)).clamp({ min: 0, max: 1 });
  const logits = logitsOf(model, next);
  considerInside(ball, next, logits, search);
  const fooled = perImage(logits.argmax({ dim: 1 }).ne(labels), point);
  return ops.where(fooled, images.add(next.sub(images), { alpha: beta }), next);
}

/** Keeps the mixing weight defined where both distances are zero. */
const leastDistance = 1e-8;
