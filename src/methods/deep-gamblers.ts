// `deep-gamblers`: a network that may abstain.
import { z } from "zod";
import { deepGamblers as gamblersLoss, gamblersPretraining } from "../objectives/index.js";
import { defineMethod } from "./method.js";
import { pretrainEpochs } from "./options.js";

export const deepGamblers = defineMethod({
  name: "deep-gamblers",
  title: "Deep Gamblers",
  family: "supervised",
  options: {
    reward: z.number().gt(1).default(2.2).describe("payoff of a correct bet"),
    pretrainEpochs: pretrainEpochs()
      .describe("epochs of cross entropy first")
      .meta({ defaultText: "by the authors' rule" }),
  },
  resolve: ({ reward, pretrainEpochs }, { classes, format, epochs }) => ({
    pretrainEpochs: pretrainEpochs ?? gamblersPretraining({ reward, classes, svhn: format === "svhn", epochs }),
  }),
  heads: () => ({ kind: "abstention" }),
  create: ({ classes }, { reward, pretrainEpochs = 0 }) =>
    gamblersLoss({ classes: classes.length, reward, pretrainEpochs }),
});
