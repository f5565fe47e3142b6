// Projected gradient descent, the attack that robust accuracy is usually told by.

import { attackStanding } from "./search/still-correct.js";
import { ascend } from "./steps/ascend.js";
import { randomStarts, requireBall } from "./steps/geometry.js";
import { crossEntropy, margin } from "./steps/losses.js";
import { requireSteps, requireWeight } from "./steps/ranges.js";
import type { Attack, Ball } from "./types.js";

export interface PgdOptions {
  readonly ball: Ball;
  readonly steps?: number;
  /** How far a step leads, in the ball's norm. */
  readonly stepSize?: number;
  /** Walks from starts of their own, each on the samples that the walks before it left standing. */
  readonly restarts?: number;
  /** What is climbed: cross entropy, or Carlini and Wagner's margin max_{j != y} z_j - z_y. */
  readonly loss?: "ce" | "margin";
  /** Whether a walk begins at a random place of the ball, which is not clamped to [0, 1], or at the image itself. */
  readonly randomStart?: boolean;
  /** What a walk answers with: the best place that it came through, or the last, as robust accuracy is usually published. */
  readonly answer?: "best" | "last";
  readonly seed?: number;
}

/**
 * Projected gradient descent: steps up the slope of a loss, each brought back into the ball and into [0, 1].
 *
 * x_{s+1} = P(x_s + a sign(grad loss(x_s))), in the 2 norm P(x_s + a grad / |grad|_2)
 *
 * The defaults are the PGD-20 of the paper's table, whose step of 0.003 belongs to a radius of 0.031.
 * @throws InputError when an option is out of range.
 * @see Madry et al. 2018 (arXiv 1706.06083)
 */
export function pgd(options: PgdOptions): Attack {
  const { ball, steps = 20, stepSize = 0.003, restarts = 1, loss = "ce", seed = 0 } = options;
  const { randomStart = true, answer = "best" } = options;
  requireBall(ball);
  requireSteps("steps", steps);
  requireSteps("restarts", restarts);
  requireWeight("stepSize", stepSize);
  const name = "pgd";
  return {
    name,
    perturb: (model, batch) =>
      attackStanding(model, batch, restarts, (points, see, restart) => {
        ascend({
          model,
          points,
          ball,
          steps,
          start: randomStart ? randomStarts(points, ball, { seed, attack: name, restart }) : points.images,
          loss: loss === "ce" ? crossEntropy : margin,
          stepSize: () => stepSize,
          see(images, logits, step) {
            if (answer === "best" || step === steps) see(images, logits);
          },
        });
      }),
  };
}
