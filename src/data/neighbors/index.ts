// Nearest neighbors among features.

export { readableRows } from "./directions.js";
export { findNeighbors } from "./neighbors.js";
export type { Features, Neighbors } from "./types.js";
