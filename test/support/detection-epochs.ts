// What the detection of a start measures after each epoch, made up.
import type { DetectionEpoch } from "../../src/runs/progress.js";

/** Of the losses of training and of held-out samples; labels that look wrong. */
export const detectionEpochs = (...losses: readonly (readonly [train: number, heldOut: number])[]): DetectionEpoch[] =>
  losses.map(([trainLoss, heldOutLoss]) => ({
    trainLoss,
    heldOutLoss,
    heldOutError: 0.1,
    disagreement: 0.5,
    confidentDisagreement: 0.5,
  }));
