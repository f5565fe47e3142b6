// The options of `evaluateRun`.
import { z } from "zod";
import { calibratedCheckpoint, count, seed } from "../options/index.js";

/** Forward passes of MC dropout, when the run is not calibrated with another number. */
export const defaultPasses = 10;

export const passes = () =>
  count()
    .optional()
    .describe("forward passes of MC dropout")
    .meta({ defaultText: String(defaultPasses) });

export const evaluateOptions = z.object({
  checkpoint: calibratedCheckpoint(),
  score: z
    .string()
    .optional()
    .describe("confidence score that ranks the samples, or all to compare them")
    .meta({ argument: "name|all", defaultText: "the method's" }),
  passes: passes().meta({ defaultText: `as calibrated, else ${defaultPasses}` }),
  seed: seed().optional().describe("seed of intervals and MC dropout").meta({ defaultText: "the run's" }),
});
