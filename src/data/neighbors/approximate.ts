// Nearest neighbors of many samples, by an approximate index.
import { setImmediate } from "node:timers/promises";
import { optionalPackage } from "../../optional-package.js";
import { scope } from "../../torch/index.js";
import { directionsOf, meanFeature, readableRows, rowCount } from "./directions.js";
import { exactNeighbors, noNeighbors } from "./exact.js";
import type { Features, NeighborSearch, Neighbors } from "./types.js";

/** Samples added or looked up at a time. */
const blockSize = 8192;

/** Queries by which the recall is measured. */
const checked = 500;

/**
 * The search of `findNeighbors` with usearch's HNSW index: 16 links a sample, 16-bit features.
 * @throws MissingPackageError where the optional package usearch is not installed.
 */
export async function approximateNeighbors(features: Features, search: NeighborSearch): Promise<Neighbors> {
  const { Index, MetricKind, ScalarKind } = await loadUsearch();
  const { k, queries = features } = search;
  const own = search.queries === undefined;
  const rows = readableRows(rowCount(features), search.unreadable);
  const queryRows = own ? rows : readableRows(rowCount(queries), search.unreadableQueries);
  const mean = scope(() => meanFeature(features, rows));
  const directions = (of: Features, some: Int32Array) =>
    scope(() => directionsOf(of, some, mean).data() as Float32Array);
  try {
    const index = new Index({
      dimensions: features.size,
      metric: MetricKind.IP,
      quantization: ScalarKind.BF16,
      connectivity: 16,
      expansion_add: 64,
      expansion_search: 64,
      multi: false,
    });
    for await (const some of blocksOf(rows)) {
      index.add(BigUint64Array.from(some, BigInt), directions(features, some), 0);
    }
    const neighbors = noNeighbors(rowCount(queries), k);
    for await (const some of blocksOf(queryRows)) {
      const found = index.search(directions(queries, some), k + Number(own), 0);
      keepFound(neighbors, some, own, found);
    }
    return { ...neighbors, recall: await recallOf(neighbors, features, queryRows, search) };
  } finally {
    mean.release();
  }
}

function loadUsearch() {
  return optionalPackage("searching more than 100,000 samples for neighbors", ["usearch"], () => import("usearch"));
}

async function* blocksOf(rows: Int32Array): AsyncGenerator<Int32Array> {
  for (let start = 0; start < rows.length; start += blockSize) {
    yield rows.subarray(start, start + blockSize);
    await setImmediate();
  }
}

/** Writes what the index found, without a sample itself; similarity = 1 - distance. */
function keepFound({ k, indices, similarities }: Neighbors, some: Int32Array, own: boolean, found: Found): void {
  const most = k + Number(own);
  some.forEach((query, row) => {
    let kept = 0;
    for (let j = 0; j < most && kept < k; j++) {
      const key = found.keys[row * most + j];
      if (key === undefined || key === noKey || (own && Number(key) === query)) continue;
      indices[query * k + kept] = Number(key);
      similarities[query * k + kept] = Math.max(-1, Math.min(1, 1 - found.distances[row * most + j]!));
      kept++;
    }
  });
}

interface Found {
  readonly keys: BigUint64Array;
  readonly distances: Float32Array;
}

/** What usearch fills rows up with. */
const noKey = 0xffff_ffff_ffff_ffffn;

/** The fraction of the true neighbors of evenly spread queries that were found. */
async function recallOf(found: Neighbors, features: Features, queryRows: Int32Array, search: NeighborSearch) {
  const { k, queries = features } = search;
  const step = Math.max(1, Math.floor(queryRows.length / checked));
  const some = queryRows.filter((_, i) => i % step === 0);
  const { size } = queries;
  const rows = Float32Array.from({ length: some.length * size }, (_, at) => {
    return queries.values[some[Math.floor(at / size)]! * size + (at % size)]!;
  });
  const own = search.queries === undefined;
  const exact = await exactNeighbors(features, {
    ...search,
    k: k + Number(own),
    queries: { values: rows, size },
    unreadableQueries: new Int32Array(),
  });
  const counts = { true: 0, found: 0 };
  some.forEach((query, row) => {
    const truth = exact.indices
      .subarray(row * exact.k, (row + 1) * exact.k)
      .filter((i) => i >= 0 && !(own && i === query))
      .slice(0, k);
    const known = new Set(found.indices.subarray(query * k, (query + 1) * k));
    counts.true += truth.length;
    counts.found += truth.filter((i) => known.has(i)).length;
  });
  return counts.true === 0 ? 1 : counts.found / counts.true;
}
