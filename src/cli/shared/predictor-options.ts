// The options of commands that predict.
import { predictorOptions as libraryOptions } from "../../inference/predictor-options.js";
import { deviceOption, sharedOptions, unusedSeed } from "./shared-options.js";

export const predictorOptions = {
  ...libraryOptions.shape,
  device: deviceOption().describe("for a run folder: auto, cpu, cuda or cuda:N"),
  seed: unusedSeed(),
  ...sharedOptions,
};
