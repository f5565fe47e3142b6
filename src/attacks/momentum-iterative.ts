// The momentum iterative method: steps along a running sum of gradients.
import { ops, type Tensor } from "../torch/index.js";
import { attackStanding } from "./search/still-correct.js";
import { ascend } from "./steps/ascend.js";
import { normOf, requireBall, steepest } from "./steps/geometry.js";
import { crossEntropy } from "./steps/losses.js";
import { requireSteps, requireWeight } from "./steps/ranges.js";
import type { Attack, Ball } from "./types.js";

export interface MomentumIterativeOptions {
  readonly ball: Ball;
  readonly steps?: number;
  /** How far a step leads, in the ball's norm; the share of the radius that lets the steps reach its edge unless given. */
  readonly stepSize?: number;
  /** mu, the share of the running sum that a step keeps. */
  readonly decay?: number;
}

/**
 * The momentum iterative method, which begins at the image: steps along a running sum of gradients of cross entropy.
 *
 * g_{s+1} = mu g_s + grad / |grad|_1;  x_{s+1} = P(x_s + a sign(g_{s+1})), in the 2 norm P(x_s + a g_{s+1} / |g_{s+1}|_2)
 * @throws InputError when an option is out of range.
 * @see Dong et al. 2018, algorithm 1 (arXiv 1710.06081)
 */
export function momentumIterative(options: MomentumIterativeOptions): Attack {
  const { ball, steps = 10, stepSize = ball.epsilon / steps, decay = 1 } = options;
  requireBall(ball);
  requireSteps("steps", steps);
  requireWeight("stepSize", stepSize);
  requireWeight("decay", decay);
  return {
    name: "mim",
    perturb: (model, batch) =>
      attackStanding(model, batch, 1, (points, see) => {
        const start = points.images;
        const direction = alongSum(ops.zerosLike(start), decay, ball.norm);
        ascend({ model, points, ball, loss: crossEntropy, start, steps, stepSize: () => stepSize, direction, see });
      }),
  };
}

/** Keeps the sum finite where a gradient is zero. */
const least = 1e-30;

/** Adds each gradient to `sum`, in place, and leads the sum's way. */
function alongSum(sum: Tensor, decay: number, norm: Ball["norm"]): (gradient: Tensor) => Tensor {
  return (gradient) => {
    sum.mul_(decay).add_(gradient.div(normOf(gradient, 1).clampMin(least)));
    return steepest(sum, norm);
  };
}
