// `ce`: cross entropy, the baseline.
import { crossEntropy } from "../objectives/index.js";
import { defineMethod } from "./method.js";

export const ce = defineMethod({
  name: "ce",
  title: "cross entropy",
  family: "supervised",
  options: {},
  create: () => crossEntropy(),
});
