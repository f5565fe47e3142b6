// `moco`: a view against a queue of earlier keys.
import { moco as momentumContrast } from "../objectives/index.js";
import { count, positive } from "../options/index.js";
import { defineMethod } from "./method.js";
import { emaOptions, headOptions, representations, storageOptions } from "./options.js";
import { emaTargetOf, storage } from "./target-network.js";

export const moco = defineMethod({
  name: "moco",
  title: "MoCo v2",
  family: "self-supervised",
  options: {
    queue: count().default(4096).describe("number of queued negative keys"),
    temperature: positive().default(0.2).describe("temperature that similarities are divided by"),
    ...headOptions(false),
    ...emaOptions("constant"),
    ...storageOptions,
  },
  heads: (options) => representations(options, { predictor: false }),
  targetNetwork: "ema",
  collapseAdvice: "a lower `temperature` or a longer `queue` usually helps",
  create: (context, options) =>
    momentumContrast({
      ...emaTargetOf(context, options),
      ...storage(context, options),
      group: context.group,
      dimension: options.dimension,
      queue: options.queue,
      temperature: options.temperature,
    }),
});
