// Runs whose start is detected, and made-up measurements of their epochs.
import { shapesDataSet } from "../../src/data/index.js";
import type { DetectionEpoch } from "../../src/runs/progress.js";
import { tinyRecipe } from "./tiny-run.js";

/** Enough drawings to hold out a tenth of them: 120. */
export const drawn = shapesDataSet({ train: 1200, test: 10, size: 16, seed: 3 });

/** A perceptron that trains on them in a moment, its start to be detected. */
export const perceptron = {
  ...tinyRecipe,
  model: "mlp",
  width: 1,
  augment: "none",
  epochs: 4,
  batchSize: 200,
  startEpoch: "auto",
} as const;

/** Of the losses of training and of held-out samples; labels that look wrong. */
export const detectionEpochs = (...losses: readonly (readonly [train: number, heldOut: number])[]): DetectionEpoch[] =>
  losses.map(([trainLoss, heldOutLoss]) => ({
    trainLoss,
    heldOutLoss,
    heldOutError: 0.1,
    disagreement: 0.5,
    confidentDisagreement: 0.5,
  }));
