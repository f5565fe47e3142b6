// Probing: classifiers on the frozen features of a network.
export { type EmbeddingHealth, healthOf } from "./health.js";
export { type NeighborOptions, nearestNeighbors } from "./nearest-neighbors.js";
export type { ProbeMethod, ProbeRunOptions } from "./probe-options.js";
export { probeRun, type RunProbe } from "./probe-run.js";
export type { ProbeProtocol } from "./protocol.js";
