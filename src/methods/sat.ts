// `sat`: self-adaptive training.
import { type MixingOptions, selfAdaptive, withDetectedStart, withMixedImages } from "../objectives/index.js";
import { positive } from "../options/index.js";
import { defineMethod, type MethodContext } from "./method.js";
import { movingTargets, resolveMomentum } from "./options.js";

interface MovingTargets extends MixingOptions {
  readonly targetMomentum?: number | undefined;
  readonly startEpoch: number | "auto";
  readonly form: "ce" | "sce";
}

const unmixed = { defaultText: "images are not mixed" };

/** The self-adaptive loss; with a detected start, targets have followed the predictions until then. */
export function selfAdaptiveLoss(context: MethodContext, { targetMomentum = 0.9, startEpoch, form }: MovingTargets) {
  const { labels, pinned, classes, device, dtype, startEpoch: start } = context;
  const moving = { momentum: targetMomentum, startEpoch: start };
  const objective = selfAdaptive({ ...moving, labels, pinned, classes: classes.length, form, device, dtype });
  return startEpoch === "auto" ? withDetectedStart(objective, { ...moving, pinned }) : objective;
}

function satObjective(context: MethodContext, options: MovingTargets) {
  const { mixupAlpha, cutmixAlpha, form } = options;
  const objective = selfAdaptiveLoss(context, options);
  if (mixupAlpha === undefined && cutmixAlpha === undefined) return objective;
  return withMixedImages(objective, { startEpoch: context.startEpoch, mixupAlpha, cutmixAlpha, form });
}

export const sat = defineMethod({
  name: "sat",
  title: "self-adaptive training",
  family: "supervised",
  options: {
    ...movingTargets,
    mixupAlpha: positive().optional().describe("a of Beta(a, a), the weights of mixup").meta(unmixed),
    cutmixAlpha: positive().optional().describe("a of Beta(a, a), the areas of CutMix").meta(unmixed),
  },
  pinsTargets: true,
  resolve: resolveMomentum,
  start: ({ startEpoch }) => ({ epoch: startEpoch, event: "targets start to move" }),
  create: satObjective,
});
