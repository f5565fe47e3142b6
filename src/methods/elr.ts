// `elr`: early-learning regularization.
import { earlyLearning } from "../objectives/index.js";
import { fraction, nonNegative } from "../options/index.js";
import { defineMethod } from "./method.js";

export const elr = defineMethod({
  name: "elr",
  title: "early-learning regularization",
  family: "supervised",
  options: {
    elrLambda: nonNegative().default(3).describe("weight of the regularizer"),
    elrBeta: fraction().default(0.7).describe("fraction of a target kept at each visit"),
  },
  pinsTargets: true,
  create: ({ labels, pinned, classes, sampleState: state, device, dtype }, { elrLambda, elrBeta }) =>
    earlyLearning({
      samples: labels.length,
      labels,
      pinned,
      state,
      classes: classes.length,
      lambda: elrLambda,
      beta: elrBeta,
      device,
      dtype,
    }),
});
