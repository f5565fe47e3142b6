// Auto-PGD, the white-box heart of AutoAttack: no step size to choose.

import { attackStanding, type See } from "../search/still-correct.js";
import { project, randomStarts, requireBall } from "../steps/geometry.js";
import {
  crossEntropy,
  differenceOfLogitsRatio,
  type SampleLoss,
  targetedDifferenceOfLogitsRatio,
} from "../steps/losses.js";
import { requireShare, requireSteps } from "../steps/ranges.js";
import { wrongClasses } from "../steps/targets.js";
import type { Attack, AttackBatch, Ball, Classifier } from "../types.js";
import { climb } from "./climb.js";

interface CommonOptions {
  readonly ball: Ball;
  readonly steps?: number;
  /** Climbs from random starts of their own, each on the samples that those before it left standing. */
  readonly restarts?: number;
  /** The share of the steps between two checkpoints that must gain for the step size to stay. */
  readonly rho?: number;
  readonly seed?: number;
}

export interface ApgdOptions extends CommonOptions {
  /** What is climbed: cross entropy or the difference of logits ratio. */
  readonly loss?: "ce" | "dlr";
}

export interface ApgdTargetedOptions extends CommonOptions {
  /** How many classes are tried, from the likeliest wrong one down; at most all that are wrong. */
  readonly targets?: number;
}

/**
 * Auto-PGD on cross entropy (`apgd-ce`) or on the difference of logits ratio (`apgd-dlr`).
 * @throws InputError when an option is out of range, and from `perturb` where the network has too few classes for the loss.
 * @see Croce & Hein 2020 (arXiv 2003.01690)
 */
export function apgd({ loss = "ce", ...options }: ApgdOptions): Attack {
  const name = `apgd-${loss}`;
  const { restarts, climbUp } = climbing(name, options);
  const climbed = loss === "ce" ? crossEntropy : differenceOfLogitsRatio;
  return {
    name,
    perturb: (model, batch) =>
      attackStanding(model, batch, restarts, (points, see, restart) => climbUp(model, points, climbed, restart, see)),
  };
}

/**
 * Auto-PGD on the targeted difference of logits ratio, towards one wrong class after the other.
 * @throws InputError when an option is out of range, and from `perturb` where the network has fewer than 4 classes.
 * @see Croce & Hein 2020, section 4 (arXiv 2003.01690)
 */
export function apgdTargeted({ targets = 9, ...options }: ApgdTargetedOptions): Attack {
  const name = "apgd-t";
  requireSteps("targets", targets);
  const { restarts, climbUp } = climbing(name, options);
  return {
    name,
    perturb: (model, batch) =>
      attackStanding(model, batch, targets * restarts, (points, see, round) => {
        const wrong = wrongClasses(model, points);
        const rank = Math.floor(round / restarts);
        if (rank >= (wrong.shape[1] as number)) return;
        climbUp(model, points, targetedDifferenceOfLogitsRatio(wrong.select(1, rank)), round, see);
      }),
  };
}

function climbing(attack: string, { ball, steps = 100, restarts = 1, rho = 0.75, seed = 0 }: CommonOptions) {
  requireBall(ball);
  requireSteps("steps", steps);
  requireSteps("restarts", restarts);
  requireShare("rho", rho);
  return {
    restarts,
    climbUp(model: Classifier, points: AttackBatch, loss: SampleLoss, restart: number, see: See): void {
      const start = project(randomStarts(points, ball, { seed, attack, restart }), points.images, ball);
      climb({ model, points, ball, loss, start, steps, rho, see });
    },
  };
}
