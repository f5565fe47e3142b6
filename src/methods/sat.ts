// `sat`: self-adaptive training.
import { selfAdaptive, withDetectedStart } from "../objectives/index.js";
import { defineMethod, type MethodContext } from "./method.js";
import { movingTargets, resolveMomentum } from "./options.js";

interface MovingTargets {
  readonly targetMomentum?: number | undefined;
  readonly startEpoch: number | "auto";
  readonly form: "ce" | "sce";
}

/** The self-adaptive loss; with a detected start, targets have followed the predictions until then. */
export function selfAdaptiveLoss(context: MethodContext, { targetMomentum = 0.9, startEpoch, form }: MovingTargets) {
  const { labels, pinned, classes, device, dtype } = context;
  const moving = { momentum: targetMomentum, startEpoch: context.startEpoch };
  const objective = selfAdaptive({ ...moving, labels, pinned, classes: classes.length, form, device, dtype });
  return startEpoch === "auto" ? withDetectedStart(objective, { ...moving, pinned }) : objective;
}

export const sat = defineMethod({
  name: "sat",
  title: "self-adaptive training",
  family: "supervised",
  options: movingTargets,
  pinsTargets: true,
  resolve: resolveMomentum,
  start: ({ startEpoch }) => ({ epoch: startEpoch, event: "targets start to move" }),
  create: selfAdaptiveLoss,
});
