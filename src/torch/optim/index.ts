// Optimizers and learning rate schedules.
export { type AdamHyperparameters, type AdamOptions, adam, adamW } from "./adam.js";
export { clipGradNorm } from "./clip.js";
export { type LarsHyperparameters, type LarsOptions, lars } from "./lars.js";
export { type LbfgsOptions, lbfgs, type Minimum, type SmoothFunction } from "./lbfgs.js";
export {
  type CosineOptions,
  constant,
  cosine,
  linearWarmup,
  type OneCycleOptions,
  oneCycle,
  type Schedule,
  type StepOptions,
  step,
} from "./schedules.js";
export { type SgdHyperparameters, type SgdOptions, sgd } from "./sgd.js";
export type { Group, Hyperparameters, Optimizer, ParameterGroup, ParametersOrGroups } from "./types.js";
