// Nearest neighbors by comparing everything with everything, block by block.
import { setImmediate } from "node:timers/promises";
import { noGrad, scope, type Tensor } from "../../torch/index.js";
import { directionsOf, meanFeature, readableRows, rowCount } from "./directions.js";
import type { Features, NeighborSearch, Neighbors } from "./types.js";

/** Similarities in memory at once: 64 MB of them. */
const mostSimilarities = 1 << 24;

/** The search of `findNeighbors` where all samples are compared. */
export async function exactNeighbors(features: Features, search: NeighborSearch): Promise<Neighbors> {
  const { k, queries = features } = search;
  const rows = readableRows(rowCount(features), search.unreadable);
  const own = search.queries === undefined;
  const queryRows = own ? rows : readableRows(rowCount(queries), search.unreadableQueries);
  const neighbors = noNeighbors(rowCount(queries), k);
  if (rows.length === 0) return neighbors;
  const mean = scope(() => meanFeature(features, rows));
  const bank = scope(() => directionsOf(features, rows, mean));
  const block = Math.max(1, Math.floor(mostSimilarities / rows.length));
  try {
    for (let start = 0; start < queryRows.length; start += block) {
      const some = queryRows.subarray(start, start + block);
      scope(() => {
        const directions = own ? bank.narrow(0, start, some.length) : directionsOf(queries, some, mean);
        keepNearest(neighbors, { some, rows, own, ...mostSimilar(directions, bank, k + Number(own)) });
      });
      await setImmediate();
    }
  } finally {
    for (const held of [mean, bank]) held.release();
  }
  return neighbors;
}

export function noNeighbors(queries: number, k: number): Neighbors {
  return {
    k,
    indices: new Int32Array(queries * k).fill(-1),
    similarities: new Float32Array(queries * k).fill(-1),
    recall: 1,
  };
}

/** The columns of the `count` most similar rows of the bank, and their similarities. */
function mostSimilar(directions: Tensor, bank: Tensor, count: number) {
  return noGrad(() => {
    const most = Math.min(count, bank.shape[0] as number);
    const [values, indices] = directions.matmul(bank.transpose(0, 1)).topk(most);
    return {
      most,
      columns: indices.to("int32").data() as Int32Array,
      similarities: values.data() as Float32Array,
    };
  });
}

interface Block {
  /** The queries of the block. */
  readonly some: Int32Array;
  /** The samples that the columns stand for. */
  readonly rows: Int32Array;
  /** Whether the queries are the samples themselves. */
  readonly own: boolean;
  readonly most: number;
  readonly columns: Int32Array;
  readonly similarities: Float32Array;
}

/** Writes the block's neighbors, without a sample itself. */
function keepNearest({ k, indices, similarities }: Neighbors, block: Block): void {
  block.some.forEach((query, row) => {
    let kept = 0;
    for (let j = 0; j < block.most && kept < k; j++) {
      const sample = block.rows[block.columns[row * block.most + j]!]!;
      if (block.own && sample === query) continue;
      indices[query * k + kept] = sample;
      similarities[query * k + kept] = Math.max(-1, Math.min(1, block.similarities[row * block.most + j]!));
      kept++;
    }
  });
}
