// Projected gradient descent, by which robust accuracy is usually reported.
import { z } from "zod";
import { count } from "../options/index.js";
import { defineAttack } from "./define-attack.js";
import { restarts, stepSize } from "./options.js";
import { attackStillCorrect } from "./search/still-correct.js";
import { ascend } from "./steps/ascend.js";
import { randomStarts } from "./steps/geometry.js";
import { crossEntropy, margin } from "./steps/losses.js";

const name = "pgd";

export const pgdAttack = defineAttack({
  name,
  title: "PGD",
  description: "projected gradient ascent from a random start",
  access: "gradients",
  options: ({ epsilon }) => ({
    steps: count().default(20).describe("steps of each restart"),
    stepSize: stepSize(0.1 * epsilon),
    restarts: restarts(1),
    loss: z
      .enum(["ce", "margin"])
      .default("ce")
      .describe("loss to maximize: cross entropy or the Carlini-Wagner margin"),
    randomStart: z.boolean().default(true).describe("start at a random point of the ball instead of at the image"),
    result: z.enum(["best", "last"]).default("best").describe("image to return: the best one visited or the last"),
  }),
  perturb:
    ({ ball, seed, steps, stepSize, restarts, loss, randomStart, result }) =>
    (model, batch) =>
      attackStillCorrect(model, batch, restarts, (remaining, consider, restart) => {
        ascend({
          model,
          batch: remaining,
          ball,
          steps,
          start: randomStart ? randomStarts(remaining, ball, { seed, attack: name, restart }) : remaining.images,
          loss: loss === "ce" ? crossEntropy : margin,
          stepSize: () => stepSize,
          onStep(images, logits, step) {
            if (result === "best" || step === steps) consider(images, logits);
          },
        });
      }),
});

/**
 * Projected gradient descent: steps along the gradient of a loss, each projected back into the ball and into [0, 1].
 *
 * x_{s+1} = P(x_s + a sign(grad loss(x_s))), in the 2 norm P(x_s + a grad / |grad|_2)
 *
 * By default 20 steps of a tenth of the radius. Random starts are not clamped to [0, 1]. `result: "last"` returns the last
 * image of each restart, as robust accuracy is usually published.
 * @example pgd({ ball: { norm: "inf", epsilon: 8 / 255 }, restarts: 5 }).perturb(model, batch)
 * @throws InputError when an option is out of range.
 * @see Madry et al. 2018 (arXiv 1706.06083)
 */
export const pgd = pgdAttack.create;
