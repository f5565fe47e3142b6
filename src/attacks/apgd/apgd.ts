// Auto-PGD, the main white-box attack of AutoAttack: it adapts its step size by itself.

import { count, fraction } from "../../options/index.js";
import { defineAttack } from "../define-attack.js";
import { restarts } from "../options.js";
import { attackStillCorrect, type Consider } from "../search/still-correct.js";
import { project, randomStarts } from "../steps/geometry.js";
import {
  crossEntropy,
  differenceOfLogitsRatio,
  type SampleLoss,
  targetedDifferenceOfLogitsRatio,
} from "../steps/losses.js";
import { wrongClasses } from "../steps/targets.js";
import type { AttackBatch, Ball, Classifier } from "../types.js";
import { adaptiveAscent } from "./adaptive-ascent.js";

const commonOptions = () => ({
  steps: count().default(100).describe("steps of each restart"),
  restarts: restarts(1),
  rho: fraction()
    .default(0.75)
    .describe("fraction of steps between checkpoints that must improve to keep the step size"),
});

interface AscentOptions {
  readonly ball: Ball;
  readonly seed: number;
  readonly steps: number;
  readonly rho: number;
}

function ascendFromRandomStart(
  attack: string,
  { ball, seed, steps, rho }: AscentOptions,
  { model, batch, loss, restart, consider }: AscentTask,
): void {
  const start = project(randomStarts(batch, ball, { seed, attack, restart }), batch.images, ball);
  adaptiveAscent({ model, batch, ball, loss, start, steps, rho, consider });
}

interface AscentTask {
  readonly model: Classifier;
  readonly batch: AttackBatch;
  readonly loss: SampleLoss;
  readonly restart: number;
  readonly consider: Consider;
}

function untargeted(name: string, title: string, description: string, loss: SampleLoss) {
  return defineAttack({
    name,
    title,
    description,
    access: "gradients",
    options: commonOptions,
    perturb: (options) => (model, batch) =>
      attackStillCorrect(model, batch, options.restarts, (remaining, consider, restart) =>
        ascendFromRandomStart(name, options, { model, batch: remaining, loss, restart, consider }),
      ),
  });
}

export const apgdCeAttack = untargeted(
  "apgd-ce",
  "APGD-CE",
  "projected gradient ascent of adaptive step size on cross entropy",
  crossEntropy,
);

export const apgdDlrAttack = untargeted(
  "apgd-dlr",
  "APGD-DLR",
  "the same on the difference of logits ratio",
  differenceOfLogitsRatio,
);

export const apgdTargetedAttack = defineAttack({
  name: "apgd-t",
  title: "APGD-T",
  description: "the same on the targeted difference of logits ratio, one wrong class after another",
  access: "gradients",
  options: () => ({
    ...commonOptions(),
    targets: count().default(9).describe("wrong classes to try, the likeliest first"),
  }),
  perturb: (options) => (model, batch) =>
    attackStillCorrect(model, batch, options.targets * options.restarts, (remaining, consider, round) => {
      const wrong = wrongClasses(model, remaining);
      const rank = Math.floor(round / options.restarts);
      if (rank >= (wrong.shape[1] as number)) return;
      const loss = targetedDifferenceOfLogitsRatio(wrong.select(1, rank));
      ascendFromRandomStart("apgd-t", options, { model, batch: remaining, loss, restart: round, consider });
    }),
});

type ApgdCommonOptions = Parameters<typeof apgdCeAttack.create>[0];

export type ApgdOptions = ApgdCommonOptions & {
  /** The loss to maximize: cross entropy (default) or the difference of logits ratio. */
  readonly loss?: "ce" | "dlr";
};

/**
 * Auto-PGD on cross entropy (`apgd-ce`) or on the difference of logits ratio (`apgd-dlr`), by default 100 steps.
 * @throws InputError when an option is out of range, and from `perturb` where the network has too few classes for the loss.
 * @see Croce & Hein 2020 (arXiv 2003.01690)
 */
export function apgd({ loss = "ce", ...options }: ApgdOptions) {
  return (loss === "ce" ? apgdCeAttack : apgdDlrAttack).create(options);
}

/**
 * Auto-PGD on the targeted difference of logits ratio, towards one wrong class after another, by default 9 of them.
 * @throws InputError when an option is out of range, and from `perturb` where the network has fewer than 4 classes.
 * @see Croce & Hein 2020, section 4 (arXiv 2003.01690)
 */
export const apgdTargeted = apgdTargetedAttack.create;
