// `sat-selective`: self-adaptive training of a classifier that may abstain.
import { selectiveSelfAdaptive } from "../objectives/index.js";
import { fraction } from "../options/index.js";
import { defineMethod } from "./method.js";
import { pretrainEpochs } from "./options.js";

export const satSelective = defineMethod({
  name: "sat-selective",
  title: "self-adaptive selective classification",
  family: "supervised",
  options: {
    targetMomentum: fraction().default(0.9).describe("fraction of a target kept at each visit"),
    pretrainEpochs: pretrainEpochs().default(0).describe("epochs of cross entropy first"),
  },
  heads: () => ({ kind: "abstention" }),
  pinsTargets: true,
  create: ({ classes, labels, pinned, sampleState: state, device, dtype }, { targetMomentum, pretrainEpochs = 0 }) =>
    selectiveSelfAdaptive({
      labels,
      pinned,
      state,
      classes: classes.length,
      momentum: targetMomentum,
      pretrainEpochs,
      device,
      dtype,
    }),
});
