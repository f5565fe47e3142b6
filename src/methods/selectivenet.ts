// `selectivenet`: a network that selects which samples to classify.
import { selectiveNet } from "../objectives/index.js";
import { fraction, nonNegative } from "../options/index.js";
import { defineMethod } from "./method.js";

export const selectivenet = defineMethod({
  name: "selectivenet",
  title: "SelectiveNet",
  family: "supervised",
  classWeights: false,
  options: {
    targetCoverage: fraction().default(0.8).describe("fraction of the samples to classify"),
    coverageWeight: nonNegative().default(32).describe("weight of the penalty for less coverage"),
    selectiveWeight: fraction().default(0.5).describe("weight of the selective loss against the auxiliary head's"),
  },
  heads: () => ({ kind: "selection" }),
  create: ({ classes }, options) => selectiveNet({ classes: classes.length, ...options }),
});
