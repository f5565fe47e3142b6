// The fast gradient sign method: one step.

import { attackStanding } from "./search/still-correct.js";
import { ascend } from "./steps/ascend.js";
import { requireBall } from "./steps/geometry.js";
import { crossEntropy } from "./steps/losses.js";
import type { Attack, Ball } from "./types.js";

/**
 * The fast gradient sign method: one step from the image to the ball's edge, up the slope of cross entropy.
 *
 * x' = clamp(x + epsilon sign(grad loss(x)), 0, 1), in the 2 norm x + epsilon grad / |grad|_2
 * @throws InputError when the ball's radius is out of range.
 * @see Goodfellow et al. 2015 (arXiv 1412.6572)
 */
export function fgsm({ ball }: { readonly ball: Ball }): Attack {
  requireBall(ball);
  const stepSize = () => ball.epsilon;
  return {
    name: "fgsm",
    perturb: (model, batch) =>
      attackStanding(model, batch, 1, (points, see) => {
        ascend({ model, points, ball, loss: crossEntropy, start: points.images, steps: 1, stepSize, see });
      }),
  };
}
