// Nearest neighbors among features.
export { type Features, findNeighbors, mostExact, type NeighborSearch, type Neighbors } from "./neighbors.js";
