// `simclr`: two views of a sample against all others of the batch.
import { simClr } from "../objectives/index.js";
import { positive } from "../options/index.js";
import { defineMethod } from "./method.js";
import { headOptions, representations } from "./options.js";

export const simclr = defineMethod({
  name: "simclr",
  title: "SimCLR",
  family: "self-supervised",
  options: {
    ...headOptions(false),
    temperature: positive().default(0.5).describe("temperature that similarities are divided by"),
  },
  heads: (options) => representations(options, { predictor: false }),
  collapseAdvice: "a lower `temperature` or a larger `batchSize` usually helps",
  create: (_, { temperature }) => simClr({ temperature }),
});
