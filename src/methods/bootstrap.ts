// `bootstrap-soft` and `bootstrap-hard`: targets between the label and the network's prediction.
import { bootstrapping } from "../objectives/index.js";
import { fraction } from "../options/index.js";
import { defineMethod } from "./method.js";

const beta = (value: number) => ({
  bootstrapBeta: fraction().default(value).describe("weight of the label in a target"),
});

export const bootstrapSoft = defineMethod({
  name: "bootstrap-soft",
  title: "soft bootstrapping",
  family: "supervised",
  options: beta(0.95),
  pinsTargets: true,
  create: ({ pinned }, { bootstrapBeta }) => bootstrapping({ form: "soft", beta: bootstrapBeta, pinned }),
});

export const bootstrapHard = defineMethod({
  name: "bootstrap-hard",
  title: "hard bootstrapping",
  family: "supervised",
  options: beta(0.8),
  pinsTargets: true,
  create: ({ pinned }, { bootstrapBeta }) => bootstrapping({ form: "hard", beta: bootstrapBeta, pinned }),
});
