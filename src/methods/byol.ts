// `byol`: bootstrap your own latent.
import { byol as byolLoss } from "../objectives/index.js";
import { defineMethod } from "./method.js";
import { emaOptions, headOptions, representations } from "./options.js";
import { emaTargetOf } from "./target-network.js";

export const byol = defineMethod({
  name: "byol",
  title: "BYOL",
  family: "self-supervised",
  options: { ...headOptions(false), ...emaOptions("cosine") },
  heads: (options) => representations(options, { predictor: true }),
  targetNetwork: "ema",
  augment: "byol",
  collapseAdvice: "a higher `encoderMomentum` or a lower `lr` usually helps",
  create: (context, options) => byolLoss(emaTargetOf(context, options)),
});
