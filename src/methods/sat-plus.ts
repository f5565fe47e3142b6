// `sat-plus`: self-adaptive training by averaged weights on mixed images; an extension, not the paper's.
import { z } from "zod";
import { selfAdaptivePlus } from "../objectives/index.js";
import { fraction, positive } from "../options/index.js";
import { momentumForEpochs } from "./half-life.js";
import { defineMethod } from "./method.js";
import { startEpoch } from "./options.js";
import { requireTargetNetwork } from "./target-network.js";

/** Of all epochs, those before targets move. */
const defaultStart = 0.2;

export const satPlus = defineMethod({
  name: "sat-plus",
  title: "self-adaptive training, extended",
  family: "supervised",
  options: {
    startEpoch: startEpoch().describe("epoch, from 0, in which targets start to move; auto: after a fifth of them"),
    targetMomentum: fraction()
      .optional()
      .describe("fraction of a target kept at each visit")
      .meta({ defaultText: "half of the way in a tenth of the epochs left" }),
    averageEpochs: positive().default(1).describe("epochs that the average of the weights reaches back"),
    mixing: z.boolean().default(true).describe("train on mixed images"),
    mixupAlpha: positive().optional().describe("a of Beta(a, a), the weights of mixup").meta({ defaultText: "1" }),
    sharpening: positive().default(0.5).describe("temperature of the predictions that targets follow"),
    balanced: z.boolean().default(true).describe("rescale predictions to the class frequencies of the labels"),
  },
  pinsTargets: true,
  classWeights: false,
  targetNetwork: "ema",
  resolve: ({ startEpoch, targetMomentum }, { epochs }) => {
    const start = startEpoch === "auto" ? Math.floor(defaultStart * epochs) : startEpoch;
    return { startEpoch: start, targetMomentum: targetMomentum ?? momentumForEpochs(epochs - start) };
  },
  start: ({ startEpoch }) => ({ epoch: startEpoch, event: "targets start to move" }),
  create: (context, { averageEpochs, mixing, mixupAlpha, sharpening, balanced, targetMomentum }) =>
    selfAdaptivePlus({
      labels: context.labels,
      pinned: context.pinned,
      classes: context.classes.length,
      targetNetwork: requireTargetNetwork(context),
      decay: (taken) => Math.exp((-taken * context.epochs) / averageEpochs),
      momentum: targetMomentum,
      startEpoch: context.startEpoch,
      mixupAlpha: mixing ? mixupAlpha : 0,
      temperature: sharpening,
      balanced,
      group: context.group,
      device: context.device,
      dtype: context.dtype,
    }),
});
