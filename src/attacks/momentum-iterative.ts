// The momentum iterative method: steps along a running sum of gradients.

import { count, nonNegative } from "../options/index.js";
import { ops, type Tensor } from "../torch/index.js";
import { defineAttack } from "./define-attack.js";
import { stepSize } from "./options.js";
import { attackStillCorrect } from "./search/still-correct.js";
import { ascend } from "./steps/ascend.js";
import { normOf, steepest } from "./steps/geometry.js";
import { crossEntropy } from "./steps/losses.js";
import type { Ball } from "./types.js";

export const momentumIterativeAttack = defineAttack({
  name: "mim",
  title: "momentum iterative",
  description: "steps from the image along a running sum of gradients",
  access: "gradients",
  options: ({ epsilon }) => ({
    steps: count().default(10).describe("steps"),
    stepSize: stepSize(0.1 * epsilon),
    decay: nonNegative().default(1).describe("fraction mu of the running sum that a step keeps"),
  }),
  perturb:
    ({ ball, steps, stepSize, decay }) =>
    (model, batch) =>
      attackStillCorrect(model, batch, 1, (remaining, consider) => {
        ascend({
          model,
          batch: remaining,
          ball,
          loss: crossEntropy,
          start: remaining.images,
          steps,
          stepSize: () => stepSize,
          direction: alongSum(ops.zerosLike(remaining.images), decay, ball.norm),
          onStep: consider,
        });
      }),
});

/**
 * The momentum iterative method, which starts at the image: steps along a running sum of gradients of cross entropy.
 *
 * g_{s+1} = mu g_s + grad / |grad|_1;  x_{s+1} = P(x_s + a sign(g_{s+1})), in the 2 norm P(x_s + a g_{s+1} / |g_{s+1}|_2)
 *
 * By default 10 steps of a tenth of the radius, mu = 1.
 * @throws InputError when an option is out of range.
 * @see Dong et al. 2018, algorithm 1 (arXiv 1710.06081)
 */
export const momentumIterative = momentumIterativeAttack.create;

/** Keeps the sum finite where a gradient is zero. */
const least = 1e-30;

/** Adds each gradient to `sum`, in place; the direction is that of the sum. */
function alongSum(sum: Tensor, decay: number, norm: Ball["norm"]): (gradient: Tensor) => Tensor {
  return (gradient) => {
    sum.mul_(decay).add_(gradient.div(normOf(gradient, 1).clampMin(least)));
    return steepest(sum, norm);
  };
}
