// What a search for neighbors takes and finds.

/** Rows of features, (n, size). */
export interface Features {
  readonly values: Float32Array;
  readonly size: number;
}

/** Of every query the k most similar samples, the most similar first; -1 with similarity -1 where there are fewer. */
export interface Neighbors {
  readonly k: number;
  /** (queries, k): positions among the samples searched. */
  readonly indices: Int32Array;
  /** (queries, k): cos_ij = (f_i - m) . (f_j - m) / (|f_i - m| |f_j - m|), with m the mean feature of the samples searched. */
  readonly similarities: Float32Array;
  /** The fraction of true neighbors found, measured on queries; 1 where the search is exact. */
  readonly recall: number;
}

export interface NeighborSearch {
  /** Neighbors of each sample. */
  readonly k: number;
  /** Samples without meaningful features: they have no neighbors and are nobody's neighbor. */
  readonly unreadable?: Int32Array;
  /** Rows whose neighbors are looked for (default: the samples themselves, none of them its own neighbor). */
  readonly queries?: Features;
  /** Queries without meaningful features. */
  readonly unreadableQueries?: Int32Array;
  /** The most samples that are searched exactly (default: 100,000). */
  readonly mostExact?: number;
}
