// Networks, and what goes with them.
export { createModel, type ModelOptions, modelNames } from "./create.js";
export type { Network } from "./network.js";
export type { Stem } from "./resnet.js";
