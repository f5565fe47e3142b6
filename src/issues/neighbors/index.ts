// Nearest neighbors among features.
export { type Features, findNeighbors, type Neighbors } from "./neighbors.js";
