// MultiTargeted: walks towards one wrong class after the other.

import { attackStanding } from "./search/still-correct.js";
import { ascend } from "./steps/ascend.js";
import { randomStarts, requireBall } from "./steps/geometry.js";
import { logitDifference } from "./steps/losses.js";
import { requireSteps, requireWeight } from "./steps/ranges.js";
import { wrongClasses } from "./steps/targets.js";
import type { Attack, Ball } from "./types.js";

export interface MultiTargetedOptions {
  readonly ball: Ball;
  /** Steps of a walk. */
  readonly steps?: number;
  /** How far the first steps lead, in the ball's norm; the radius unless given. */
  readonly stepSize?: number;
  /** Walks from random starts of their own, which take turns with the wrong classes, the likeliest first. */
  readonly restarts?: number;
  readonly seed?: number;
}

/**
 * MultiTargeted: each restart climbs the lead z_t - z_y of one wrong class t over the label, t taking turns; steps are a
 * tenth as long from half of the walk on, and a hundredth from three quarters on.
 * @throws InputError when an option is out of range.
 * @see Gowal et al. 2019 (arXiv 1910.09338)
 */
export function multiTargeted(options: MultiTargetedOptions): Attack {
  const { ball, steps = 200, stepSize = ball.epsilon, restarts = 9, seed = 0 } = options;
  requireBall(ball);
  requireSteps("steps", steps);
  requireSteps("restarts", restarts);
  requireWeight("stepSize", stepSize);
  const name = "multi-targeted";
  return {
    name,
    perturb: (model, batch) =>
      attackStanding(model, batch, restarts, (points, see, restart) => {
        const wrong = wrongClasses(model, points);
        const targets = wrong.select(1, restart % (wrong.shape[1] as number));
        const start = randomStarts(points, ball, { seed, attack: name, restart });
        const loss = logitDifference(targets);
        ascend({ model, points, ball, loss, start, steps, stepSize: decaying(stepSize, steps), see });
      }),
  };
}

/** The first size until half of the steps are made, then a tenth of it, and a hundredth for the last quarter. */
function decaying(size: number, steps: number): (step: number) => number {
  return (step) => {
    if (step < steps / 2) return size;
    return step < (3 * steps) / 4 ? size / 10 : size / 100;
  };
}
