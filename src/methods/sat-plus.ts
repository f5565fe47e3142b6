// `sat-plus`: self-adaptive training on mixed images, after early-learning regularization; an extension, not the paper's.
import { z } from "zod";
import { selfAdaptivePlus } from "../objectives/index.js";
import { nonNegative, positive } from "../options/index.js";
import { defineMethod, type ResolveContext } from "./method.js";
import { startEpoch } from "./options.js";

/** Before the start, a fraction of training, the regularizer has a weight; images are mixed by Beta(a, a). */
interface Defaults {
  readonly startFraction: number;
  readonly elrLambda: number;
  readonly mixupAlpha: number;
}

const usual: Defaults = { startFraction: 1 / 3, elrLambda: 3, mixupAlpha: 1 };

/** Of training with augmentation that is too short to memorize much: the network still learns when others memorize. */
const short: Defaults = { startFraction: 3 / 4, elrLambda: 1, mixupAlpha: 0 };

/** Epochs from which training with augmentation is not short; 40 were measured, 200 are usual. */
const longEpochs = 100;

const defaultsFor = ({ augment, epochs }: ResolveContext): Defaults =>
  augment === "none" || epochs >= longEpochs ? usual : short;

export const satPlus = defineMethod({
  name: "sat-plus",
  title: "self-adaptive training, extended",
  family: "supervised",
  options: {
    startEpoch: startEpoch().describe(
      "epoch, from 0, in which targets replace labels; auto: at a third of training, or three quarters (fewer than 100 epochs with augmentation)",
    ),
    targetMomentum: z.number().min(0).lt(1).default(0.7).describe("fraction of a target kept at each visit"),
    elrLambda: nonNegative()
      .optional()
      .describe("weight of the early-learning regularizer before the start")
      .meta({ defaultText: "3; 1 for fewer than 100 epochs with augmentation" }),
    mixupAlpha: nonNegative()
      .optional()
      .describe("a of Beta(a, a), the weights of mixup; 0: none")
      .meta({ defaultText: "1; 0 for fewer than 100 epochs with augmentation, unless CutMix is given" }),
    cutmixAlpha: positive()
      .optional()
      .describe("a of Beta(a, a), the areas of CutMix, in half of the batches with mixup")
      .meta({ defaultText: "no CutMix" }),
  },
  pinsTargets: true,
  classWeights: false,
  resolve: ({ startEpoch, elrLambda, mixupAlpha, cutmixAlpha }, facts) => {
    const defaults = defaultsFor(facts);
    return {
      startEpoch: startEpoch === "auto" ? Math.round(defaults.startFraction * facts.epochs) : startEpoch,
      elrLambda: elrLambda ?? defaults.elrLambda,
      mixupAlpha: mixupAlpha ?? (cutmixAlpha === undefined ? defaults : usual).mixupAlpha,
    };
  },
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
