// `sat-plus`: self-adaptive training by averaged weights, after early-learning regularization; an extension, not the paper's.
import { selfAdaptivePlus } from "../objectives/index.js";
import { fraction, nonNegative, positive } from "../options/index.js";
import { defineMethod } from "./method.js";
import { startEpoch } from "./options.js";
import { requireTargetNetwork } from "./target-network.js";

/** Of all epochs, those before targets replace labels. */
const defaultStart = 0.5;

export const satPlus = defineMethod({
  name: "sat-plus",
  title: "self-adaptive training, extended",
  family: "supervised",
  options: {
    startEpoch: startEpoch().describe("epoch, from 0, in which targets replace labels; auto: at half of training"),
    targetMomentum: fraction().default(0.7).describe("fraction of a target kept at each visit"),
    elrLambda: nonNegative().default(3).describe("weight of the early-learning regularizer before the start"),
    averageEpochs: positive().default(1).describe("epochs that the average of the weights reaches back"),
    mixupAlpha: nonNegative().default(1).describe("a of Beta(a, a), the weights of mixup after the start; 0: none"),
  },
  pinsTargets: true,
  classWeights: false,
  targetNetwork: "ema",
  resolve: ({ startEpoch }, { epochs }) => ({
    startEpoch: startEpoch === "auto" ? Math.floor(defaultStart * epochs) : startEpoch,
  }),
  start: ({ startEpoch }) => ({ epoch: startEpoch, event: "targets replace labels" }),
  create: (context, { averageEpochs, elrLambda, mixupAlpha, targetMomentum }) =>
    selfAdaptivePlus({
      labels: context.labels,
      pinned: context.pinned,
      classes: context.classes.length,
      targetNetwork: requireTargetNetwork(context),
      decay: (taken) => Math.exp((-taken * context.epochs) / averageEpochs),
      momentum: targetMomentum,
      startEpoch: context.startEpoch,
      lambda: elrLambda,
      mixupAlpha,
      state: context.sampleState,
      device: context.device,
      dtype: context.dtype,
    }),
});
