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
  device: device().optional(),
  threads: threads(),
});

export type PredictorOptions = z.input<typeof predictorOptions>;
