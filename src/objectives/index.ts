// The training methods, one file each.
export { crossEntropy } from "./cross-entropy.js";
export { type SelfAdaptiveOptions, selfAdaptive } from "./self-adaptive.js";
export type { Batch, Indices, Objective } from "./types.js";
