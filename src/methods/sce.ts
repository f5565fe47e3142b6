// `sce`: symmetric cross entropy.
import { symmetricCrossEntropy } from "../objectives/index.js";
import { defineMethod } from "./method.js";
import { weight } from "./options.js";

export const sce = defineMethod({
  name: "sce",
  title: "symmetric cross entropy",
  family: "supervised",
  options: {
    sceAlpha: weight().default(0.1).describe("weight of cross entropy"),
    sceBeta: weight().default(1).describe("weight of reverse cross entropy"),
  },
  create: (_, { sceAlpha, sceBeta }) => symmetricCrossEntropy({ alpha: sceAlpha, beta: sceBeta }),
});
