// The options of `convert`.
import { z } from "zod";
import { convertOptions as libraryOptions } from "../../../models/weights/convert-weights.js";
import { outputFile } from "../../shared/output-file.js";
import { sharedOptions, unusedSeed } from "../../shared/shared-options.js";

export const convertOptions = z.object({
  ...libraryOptions.shape,
  out: outputFile(".safetensors").describe("file to write"),
  device: z.string().optional().describe("no effect: weights are converted on the CPU").meta({ argument: "name" }),
  seed: unusedSeed(),
  ...sharedOptions,
});

export type ConvertOptions = z.output<typeof convertOptions>;
