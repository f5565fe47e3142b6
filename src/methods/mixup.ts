// `mixup`: weighted means of pairs of samples.
import { mixup as mixedCrossEntropy } from "../objectives/index.js";
import { positive } from "../options/index.js";
import { defineMethod } from "./method.js";

export const mixup = defineMethod({
  name: "mixup",
  title: "mixup",
  family: "supervised",
  classWeights: false,
  options: { mixupAlpha: positive().default(1).describe("a of Beta(a, a), the distribution of mixing weights") },
  create: (_, { mixupAlpha }) => mixedCrossEntropy({ alpha: mixupAlpha }),
});
