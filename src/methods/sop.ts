// `sop`: sparse over-parameterization.
import { sparseOverParameterization } from "../objectives/index.js";
import { nonNegative } from "../options/index.js";
import { defineMethod } from "./method.js";

export const sop = defineMethod({
  name: "sop",
  title: "sparse over-parameterization",
  family: "supervised",
  options: {
    lrU: nonNegative().default(10).describe("learning rate of the noise on the given label"),
    lrV: nonNegative().default(10).describe("learning rate of the noise on the other classes"),
  },
  pinsTargets: true,
  create: ({ labels, pinned, classes, sampleState: state, device, dtype }, { lrU, lrV }) =>
    sparseOverParameterization({
      samples: labels.length,
      classes: classes.length,
      lrU,
      lrV,
      pinned,
      state,
      device,
      dtype,
    }),
});
