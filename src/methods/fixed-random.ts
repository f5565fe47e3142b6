// `fixed-random`: predicts the representations of a frozen network.
import { fixedTargets } from "../objectives/index.js";
import { defineMethod } from "./method.js";
import { filePath, headOptions, representations } from "./options.js";
import { requireTargetNetwork } from "./target-network.js";

export const fixedRandom = defineMethod({
  name: "fixed-random",
  title: "prediction of a frozen network",
  family: "self-supervised",
  options: {
    ...headOptions(true),
    teacher: filePath("file")
      .optional()
      .describe("network to predict: a run folder or weights")
      .meta({ defaultText: "random weights" }),
  },
  heads: (options) => representations(options, { predictor: true }),
  targetNetwork: "frozen",
  targetWeights: ({ teacher }) => teacher,
  collapseAdvice: "a lower `lr` usually helps, or another `teacher`",
  create: (context) => fixedTargets({ teacher: requireTargetNetwork(context) }),
});
