// Exact and near-duplicates among samples.
import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Samples } from "../data/index.js";
import { noGrad, ops, scope, type Tensor, tensor } from "../torch/index.js";
import type { NearDuplicate } from "./findings.js";

/** The most samples of which all pairs are compared: with 512 features this takes minutes on two cores. */
export const maxCompared = 100_000;

export interface DuplicateOptions {
  /** Rows of features, (n, featureSize). */
  readonly features: Float32Array;
  readonly featureSize: number;
  readonly samples: Samples;
  /** Samples without meaningful features, which are near no other. */
  readonly unreadable?: Int32Array;
  /** The least cosine of a near-duplicate (default: 0.98). */
  readonly least?: number;
  /** The most pairs returned, and the most with conflicting labels (default: 200). */
  readonly most?: number;
  /** Rows compared at a time: memory is that of a few square matrices of this size (default: 1024). */
  readonly block?: number;
}

/**
 * The pairs of samples that are nearest to each other: the most similar ones by the cosine of their centered features, the
 * most similar ones whose labels differ, and every sample whose values equal an earlier one's (with the first of those).
 *
 * cos_ij = (f_i - m) . (f_j - m) / (|f_i - m| |f_j - m|), with m the mean feature. Compares all pairs block by block,
 * n^2 d / 2 multiplications, and yields to the event loop between blocks. Of more than 100,000 samples only those of equal values
 * are found, by one pass over them. The most similar first.
 */
export async function findDuplicates(options: DuplicateOptions): Promise<NearDuplicate[]> {
  const { samples } = options;
  const near = samples.labels.length > maxCompared ? [] : await nearPairs(options);
  return merge([equalPairs(samples), ...near], samples);
}

/** The most similar pairs of all, and of those whose labels differ. */
async function nearPairs(options: DuplicateOptions): Promise<(readonly Pair[])[]> {
  const { samples, least = 0.98, most = 200, block = 1024 } = options;
  const directions = scope(() => noGrad(() => directionsOf(options)));
  const labels = tensor(samples.labels);
  const [all, conflicting] = [mostSimilar(most, least), mostSimilar(most, least)];
  try {
    for (let row = 0; row < samples.labels.length; row += block) {
      for (let column = row; column < samples.labels.length; column += block) {
        scope(() => noGrad(() => compareBlocks({ directions, labels, row, column, block, all, conflicting })));
        await setImmediate();
      }
    }
  } finally {
    for (const held of [directions, labels]) held.release();
  }
  return [all.pairs(), conflicting.pairs()];
}

interface Pair {
  readonly first: number;
  readonly second: number;
  readonly similarity: number;
}

/** Centered rows of length 1, (n, d); of length 0 where a row is the mean or unreadable. */
function directionsOf({ features, featureSize, unreadable = new Int32Array() }: DuplicateOptions): Tensor {
  const rows = tensor(features, { shape: [features.length / featureSize, featureSize] });
  const centered = rows.sub(rows.mean([0])).indexFill_(0, tensor(unreadable).to("int64"), 0);
  return centered.div(centered.square().sum([1], { keepdim: true }).sqrt().clampMin(1e-12));
}

/** Keeps the most similar of the pairs that are added. */
function mostSimilar(most: number, least: number) {
  let kept: Pair[] = [];
  return {
    /** Only pairs above this can still be kept. */
    bar: () => (kept.length < most ? least : kept[most - 1]!.similarity),
    add(pairs: readonly Pair[]) {
      kept = [...kept, ...pairs].sort((a, b) => b.similarity - a.similarity).slice(0, most);
    },
    pairs: () => kept,
    most,
  };
}

type MostSimilar = ReturnType<typeof mostSimilar>;

interface Blocks {
  readonly directions: Tensor;
  readonly labels: Tensor;
  readonly row: number;
  readonly column: number;
  readonly block: number;
  readonly all: MostSimilar;
  readonly conflicting: MostSimilar;
}

function compareBlocks({ directions, labels, row, column, block, all, conflicting }: Blocks): void {
  const rowsAt = (of: Tensor, start: number) => of.narrow(0, start, Math.min(block, (of.shape[0] as number) - start));
  const products = ops.matmul(rowsAt(directions, row), rowsAt(directions, column).transpose(0, 1));
  // Of the blocks on the diagonal, only what is above it: each pair once, none of a sample with itself.
  const similar = row === column ? products.triu({ diagonal: 1 }) : products;
  keepBest(similar, row, column, all);
  if (ops.max(similar).item() <= conflicting.bar()) return;
  const same = rowsAt(labels, row).unsqueeze(1).eq(rowsAt(labels, column).unsqueeze(0));
  keepBest(similar.maskedFill(same, 0), row, column, conflicting);
}

function keepBest(similar: Tensor, row: number, column: number, best: MostSimilar): void {
  if (ops.max(similar).item() <= best.bar()) return;
  const flat = similar.flatten();
  const [values, indices] = flat.topk(Math.min(best.most, flat.size));
  const width = similar.shape[1] as number;
  const positions = Array.from(indices.data() as BigInt64Array, Number);
  const similarities = values.data() as Float32Array;
  const pairs = positions.map((position, k) => ({
    first: row + Math.floor(position / width),
    second: column + (position % width),
    similarity: Math.min(1, similarities[k]!),
  }));
  best.add(pairs.filter(({ similarity }) => similarity > best.bar()));
}

/** Each sample whose values equal an earlier one's, with the first of those; none of streamed images. */
function equalPairs(samples: Samples): Pair[] {
  if (samples.kind === "streamed") return [];
  const { values, labels } = samples;
  const firsts = new Map<string, number>();
  const pairs: Pair[] = [];
  const size = values.length / labels.length;
  for (let i = 0; i < labels.length; i++) {
    const bytes = values.subarray(i * size, (i + 1) * size);
    const digest = createHash("sha256").update(bytes).digest("base64");
    const first = firsts.get(digest);
    if (first === undefined) firsts.set(digest, i);
    else pairs.push({ first, second: i, similarity: 1 });
  }
  return pairs;
}

function merge(lists: readonly (readonly Pair[])[], { labels, files }: Samples): NearDuplicate[] {
  const byPair = new Map<string, Pair>();
  for (const pair of lists.flat()) {
    const key = `${pair.first} ${pair.second}`;
    if (!byPair.has(key)) byPair.set(key, pair);
  }
  return [...byPair.values()]
    .sort((a, b) => b.similarity - a.similarity || a.first - b.first || a.second - b.second)
    .map((pair) => ({
      ...pair,
      files: files ? [files[pair.first] as string, files[pair.second] as string] : null,
      conflicting: labels[pair.first] !== labels[pair.second],
    }));
}
