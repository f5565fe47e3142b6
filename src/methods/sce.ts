// `sce`: symmetric cross entropy.
import { symmetricCrossEntropy } from "../objectives/index.js";
import { nonNegative } from "../options/index.js";
import { defineMethod } from "./method.js";

export const sce = defineMethod({
  name: "sce",
  title: "symmetric cross entropy",
  family: "supervised",
  options: {
    sceAlpha: nonNegative().default(0.1).describe("weight of cross entropy"),
    sceBeta: nonNegative().default(1).describe("weight of reverse cross entropy"),
  },
  create: (_, { sceAlpha, sceBeta }) => symmetricCrossEntropy({ alpha: sceAlpha, beta: sceBeta }),
});
