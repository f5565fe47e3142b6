// The nearest neighbors of every sample, by the cosine of centered features.
import { approximateNeighbors } from "./approximate.js";
import { exactNeighbors } from "./exact.js";
import type { Features, NeighborSearch, Neighbors } from "./types.js";

/** The most samples of which all are compared with each other: with 512 features this takes minutes on two cores. */
const mostExact = 100_000;

/**
 * Finds neighbors: exactly up to 100,000 samples, n^2 size multiplications; beyond, with an approximate index (HNSW: Malkov and
 * Yashunin 2018, arXiv 1603.09320), whose recall is measured. Yields to the event loop between blocks.
 *
 * Memory: the features twice, and 64 MB of similarities.
 */
export function findNeighbors(features: Features, search: NeighborSearch): Promise<Neighbors> {
  const samples = features.values.length / features.size;
  return samples <= (search.mostExact ?? mostExact)
    ? exactNeighbors(features, search)
    : approximateNeighbors(features, search);
}
