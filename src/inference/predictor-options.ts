// The options of `openPredictor`.
import { z } from "zod";
import { calibratedCheckpoint, device, threads } from "../options/index.js";

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
