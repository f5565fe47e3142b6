// The fast gradient sign method: one step.
import { defineAttack } from "./define-attack.js";
import { attackStillCorrect } from "./search/still-correct.js";
import { ascend } from "./steps/ascend.js";
import { crossEntropy } from "./steps/losses.js";

export const fgsmAttack = defineAttack({
  name: "fgsm",
  title: "FGSM",
  description: "one step of length epsilon along the gradient",
  access: "gradients",
  options: () => ({}),
  perturb:
    ({ ball }) =>
    (model, batch) =>
      attackStillCorrect(model, batch, 1, (remaining, consider) => {
        const stepSize = () => ball.epsilon;
        const start = remaining.images;
        ascend({ model, batch: remaining, ball, loss: crossEntropy, start, steps: 1, stepSize, onStep: consider });
      }),
});

/**
 * The fast gradient sign method: one step from the image to the boundary of the ball, along the gradient of cross entropy.
 *
 * x' = clamp(x + epsilon sign(grad loss(x)), 0, 1), in the 2 norm x + epsilon grad / |grad|_2
 * @throws InputError when the ball's radius is out of range.
 * @see Goodfellow et al. 2015 (arXiv 1412.6572)
 */
export const fgsm = fgsmAttack.create;
