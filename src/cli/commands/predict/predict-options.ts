// The options of `predict`.
import { z } from "zod";
import { loadOptions } from "../../../inference/samples/load-options.js";
import { outputFile } from "../../shared/output-file.js";
import { predictorOptions } from "../../shared/predictor-options.js";

export const predictOptions = z.object({
  ...loadOptions.shape,
  csv: outputFile(".csv").optional().describe("write the predictions as CSV, in place of printing them"),
  ...predictorOptions,
});

export type PredictOptions = z.output<typeof predictOptions>;
