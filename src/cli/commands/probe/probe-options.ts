// The options of `probe`.
import { z } from "zod";
import { probeOptions as libraryOptions } from "../../../evaluation/probe/probe-options.js";
import { path } from "../../../options/index.js";
import { dataOptions } from "../../shared/data-options.js";
import { rankOptions } from "../../shared/rank-options.js";
import { computeOptions, sharedOptions } from "../../shared/shared-options.js";

export const probeOptions = z.object({
  ...dataOptions,
  data: path().describe("folder or file; classifiers are trained on its training part"),
  ...libraryOptions.shape,
  ...computeOptions,
  ...rankOptions,
  ...sharedOptions,
});

export type ProbeOptions = z.output<typeof probeOptions>;
