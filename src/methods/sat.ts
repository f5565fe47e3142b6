// `sat`: self-adaptive training.
import { type MixingOptions, selfAdaptive, withDetectedStart, withMixedImages } from "../objectives/index.js";
import { positive } from "../options/index.js";
import { momentumForEpochs } from "./half-life.js";
import { defineMethod, type MethodContext } from "./method.js";
import { movingTargets, resolveMomentum } from "./options.js";

interface MovingTargets extends MixingOptions {
  readonly targetMomentum?: number | undefined;
  readonly startEpoch: number | "auto";
  readonly form: "ce" | "sce";
}

const unmixed = { defaultText: "images are not mixed" };

/**
 * The self-adaptive loss; with a detected start, targets have followed the predictions until then. A momentum that is not given follows from
 * the epochs left at the start.
 */
export function selfAdaptiveLoss(context: MethodContext, { targetMomentum, startEpoch, form }: MovingTargets) {
  const { labels, pinned, classes, device, dtype, epochs, sampleState: state, startEpoch: start } = context;
  const momentum = targetMomentum ?? (() => momentumForEpochs(epochs - start()));
  const targets = { labels, pinned, state, classes: classes.length, momentum, startEpoch: start };
  const objective = selfAdaptive({ ...targets, form, device, dtype });
  if (startEpoch !== "auto") return objective;
  return withDetectedStart(objective, {
    momentum: targetMomentum ?? momentumForEpochs(epochs),
    startEpoch: start,
    state,
    pinned,
  });
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
  resolve: (options, facts) => (options.startEpoch === "auto" ? {} : resolveMomentum(options, facts)),
  start: ({ startEpoch }) => ({ epoch: startEpoch, event: "targets start to move", forWrongLabels: true }),
  create: satObjective,
});
