// `label-smoothing`: targets that leave a little to the other classes.
import { labelSmoothing as smoothedCrossEntropy } from "../objectives/index.js";
import { fraction } from "../options/index.js";
import { defineMethod } from "./method.js";

export const labelSmoothing = defineMethod({
  name: "label-smoothing",
  title: "label smoothing",
  family: "supervised",
  options: { smoothing: fraction().default(0.1).describe("fraction of a target spread over all classes") },
  create: (_, options) => smoothedCrossEntropy(options),
});
