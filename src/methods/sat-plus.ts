// `sat-plus`: self-adaptive training on mixed images, after early-learning regularization; an extension, not the paper's.
import { z } from "zod";
import { selfAdaptivePlus } from "../objectives/index.js";
import { nonNegative, positive } from "../options/index.js";
import { defineMethod } from "./method.js";
import { startEpoch } from "./options.js";

/** Of all epochs, those before targets replace labels. */
const defaultStart = 1 / 3;

export const satPlus = defineMethod({
  name: "sat-plus",
  title: "self-adaptive training, extended",
  family: "supervised",
  options: {
    startEpoch: startEpoch().describe("epoch, from 0, in which targets replace labels; auto: at a third of training"),
    targetMomentum: z.number().min(0).lt(1).default(0.7).describe("fraction of a target kept at each visit"),
    elrLambda: nonNegative().default(3).describe("weight of the early-learning regularizer before the start"),
    mixupAlpha: nonNegative().default(1).describe("a of Beta(a, a), the weights of mixup; 0: none"),
    cutmixAlpha: positive()
      .optional()
      .describe("a of Beta(a, a), the areas of CutMix, in half of the batches with mixup")
      .meta({ defaultText: "no CutMix" }),
  },
  pinsTargets: true,
  classWeights: false,
  resolve: ({ startEpoch }, { epochs }) => ({
    startEpoch: startEpoch === "auto" ? Math.round(defaultStart * epochs) : startEpoch,
  }),
  start: ({ startEpoch }) => ({ epoch: startEpoch, event: "targets replace labels" }),
  create: (context, { elrLambda, mixupAlpha, cutmixAlpha, targetMomentum }) =>
    selfAdaptivePlus({
      labels: context.labels,
      pinned: context.pinned,
      classes: context.classes.length,
      momentum: targetMomentum,
      startEpoch: context.startEpoch,
      lambda: elrLambda,
      mixupAlpha,
      cutmixAlpha,
      state: context.sampleState,
      device: context.device,
      dtype: context.dtype,
    }),
});
