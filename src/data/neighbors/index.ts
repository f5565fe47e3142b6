// Nearest neighbors among features.
export { findNeighbors } from "./neighbors.js";
export type { Features, Neighbors } from "./types.js";
