// The options of `openPredictor`.
import { z } from "zod";
import type { ScoreName } from "../metrics/index.js";
import { calibratedCheckpoint, device, threads } from "../options/index.js";
import type { Predictor } from "./predictor.js";

export const predictorOptions = z.object({
  threshold: z
    .number()
    .optional()
    .describe("abstain below this confidence")
    .meta({ defaultText: "as found by calibrate" }),
  checkpoint: calibratedCheckpoint(),
  tta: z.enum(["none", "flip"]).default("none").describe("flip: average over each image and its mirror image"),
  device: device().optional(),
  threads: threads(),
});

export type PredictorOptions = z.input<typeof predictorOptions>;

/** The scores that are probabilities. */
const probabilityScores: readonly ScoreName[] = ["softmax-response", "abstention", "selection"];

/** A line for a threshold that no confidence reaches, such as a percentage. */
export function thresholdNotes({ score, threshold }: Pick<Predictor, "score" | "threshold">): string[] {
  if (threshold === null || threshold <= 1 || !probabilityScores.includes(score)) return [];
  return [`every prediction abstains: the threshold is ${threshold}, and no confidence by ${score} is above 1`];
}
