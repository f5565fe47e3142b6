// The options of `calibrateRun`.
import { z } from "zod";
import { checkpoint, fractionBelowOne, fractionToOne, seed } from "../options/index.js";
import { passes } from "./evaluate-options.js";

/** The probability that a guaranteed risk holds. */
export const defaultConfidence = 0.999;

export const targetOptions = z.object({
  coverage: fractionToOne().optional().describe("fraction of the samples to accept, such as 0.9"),
  risk: fractionBelowOne().optional().describe("error rate of accepted samples to guarantee, such as 0.01"),
  confidence: fractionBelowOne()
    .optional()
    .describe("with risk: the probability that the guarantee holds")
    .meta({ defaultText: String(defaultConfidence) }),
});

export type CalibrationTargetOptions = z.input<typeof targetOptions>;

export const calibrateOptions = z.object({
  ...targetOptions.shape,
  score: z.string().optional().describe("confidence score").meta({ argument: "name", defaultText: "the method's" }),
  temperature: z.boolean().default(false).describe("first fit a temperature on the same samples"),
  passes: passes(),
  checkpoint: checkpoint().default("last"),
  seed: seed().optional().describe("seed of MC dropout").meta({ defaultText: "the run's" }),
});
