// `sat-ssl`: self-adaptive training without labels.
import { z } from "zod";
import { selfAdaptiveRepresentations } from "../objectives/index.js";
import { fraction } from "../options/index.js";
import { defineMethod } from "./method.js";
import { emaOptions, headOptions, representations, storageOptions } from "./options.js";
import { emaTargetOf, storage } from "./target-network.js";

export const satSsl = defineMethod({
  name: "sat-ssl",
  title: "self-adaptive self-supervised training",
  family: "self-supervised",
  options: {
    targetMomentum: fraction().default(0.7).describe("fraction of a target kept at each visit"),
    initialTargets: z
      .enum(["visit", "random"])
      .default("visit")
      .describe("first targets: a sample's first representation, or random directions"),
    ...headOptions(true),
    ...emaOptions("constant"),
    ...storageOptions,
  },
  heads: (options) => representations(options, { predictor: true }),
  targetNetwork: "ema",
  collapseAdvice: "a higher `encoderMomentum` or a lower `lr` usually helps, and `initialTargets: random`",
  create: (context, options) =>
    selfAdaptiveRepresentations({
      ...emaTargetOf(context, options),
      ...storage(context, options),
      dimension: options.dimension,
      samples: context.labels.length,
      state: context.sampleState,
      targetMomentum: options.targetMomentum,
      initialTargets: options.initialTargets,
    }),
});
