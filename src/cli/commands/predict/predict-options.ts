// The options of `predict`.
import { z } from "zod";
import { loadOptions } from "../../../inference/samples/load-options.js";
import { predictorOptions } from "../../shared/predictor-options.js";

export const predictOptions = z.object({ ...loadOptions.shape, ...predictorOptions });

export type PredictOptions = z.output<typeof predictOptions>;
