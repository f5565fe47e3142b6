// MultiTargeted: gradient ascent towards one wrong class after another.

import { count } from "../options/index.js";
import { defineAttack } from "./define-attack.js";
import { restarts, stepSize } from "./options.js";
import { attackStillCorrect } from "./search/still-correct.js";
import { ascend } from "./steps/ascend.js";
import { randomStarts } from "./steps/geometry.js";
import { logitDifference } from "./steps/losses.js";
import { wrongClasses } from "./steps/targets.js";

const name = "multi-targeted";

export const multiTargetedAttack = defineAttack({
  name,
  title: "MultiTargeted",
  description: "gradient ascent from random starts, each toward another wrong class",
  access: "gradients",
  options: ({ epsilon }) => ({
    steps: count().default(200).describe("steps of each restart"),
    stepSize: stepSize(epsilon).describe("length of the first steps, in the ball's norm"),
    restarts: restarts(9),
  }),
  perturb:
    ({ ball, seed, steps, stepSize, restarts }) =>
    (model, batch) =>
      attackStillCorrect(model, batch, restarts, (remaining, consider, restart) => {
        const wrong = wrongClasses(model, remaining);
        const targets = wrong.select(1, restart % (wrong.shape[1] as number));
        ascend({
          model,
          batch: remaining,
          ball,
          loss: logitDifference(targets),
          start: randomStarts(remaining, ball, { seed, attack: name, restart }),
          steps,
          stepSize: decaying(stepSize, steps),
          onStep: consider,
        });
      }),
});

/**
 * MultiTargeted: each restart maximizes the lead z_t - z_y of one wrong class t over the label, the likeliest first; steps are
 * a tenth as long in the third quarter, and a hundredth in the last.
 *
 * By default 9 restarts of 200 steps, the first ones as long as the radius.
 * @throws InputError when an option is out of range.
 * @see Gowal et al. 2019 (arXiv 1910.09338)
 */
export const multiTargeted = multiTargetedAttack.create;

/** The first size for half of the steps, then a tenth of it, and a hundredth for the last quarter. */
function decaying(size: number, steps: number): (step: number) => number {
  return (step) => {
    if (step < steps / 2) return size;
    return step < (3 * steps) / 4 ? size / 10 : size / 100;
  };
}
