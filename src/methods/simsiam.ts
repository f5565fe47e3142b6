// `simsiam`: two views that predict each other.
import { simSiam } from "../objectives/index.js";
import { defineMethod } from "./method.js";
import { headOptions, representations } from "./options.js";

export const simsiam = defineMethod({
  name: "simsiam",
  title: "SimSiam",
  family: "self-supervised",
  options: headOptions(true),
  heads: (options) => representations(options, { predictor: true }),
  collapseAdvice: "a lower `lr` usually helps",
  create: () => simSiam(),
});
