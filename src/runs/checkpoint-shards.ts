// The per-sample state of a checkpoint that several ranks wrote: each has a file with the rows that it owned.
import { distributed } from "../torch/index.js";
import { ITEM_SIZES, type Safetensors, type StoredDict, type StoredTensor } from "../torch/serialization/index.js";

/** A rank among `world`. */
export interface RankOf {
  readonly rank: number;
  readonly world: number;
}

export const shardName = ({ rank, world }: RankOf) => `targets-${rank}-of-${world}`;

/** What a shard's metadata says: of how many samples it has a block. */
export const shardMetadata = (samples: number) => ({ samples: String(samples) });

/** How many ranks wrote the files of a checkpoint; 0 where rank 0 wrote all. */
export function shardsAmong(files: readonly string[]): number {
  const shards = files.flatMap((file) => /^targets-\d+-of-(\d+)\.safetensors$/.exec(file)?.[1] ?? []);
  return Math.max(0, ...shards.map(Number));
}

/**
 * The rows of all samples, or of those alone that a rank of another number of ranks owns: one shard at a time is in memory.
 * @param read reads one shard by its name
 */
export function readShards(world: number, read: (name: string) => Safetensors, reader?: RankOf): StoredDict {
  const joined = new Map<string, StoredTensor>();
  for (let rank = 0; rank < world; rank++) {
    const { tensors, metadata } = read(shardName({ rank, world }));
    const samples = Number(metadata.samples);
    const shard = distributed.blockBounds(samples, { rank, world });
    const block = reader === undefined ? { first: 0, count: samples } : distributed.blockBounds(samples, reader);
    for (const [name, tensor] of tensors) {
      if (!joined.has(name)) joined.set(name, emptyRows(tensor, block.count));
      copyRows(tensor, shard, joined.get(name) as StoredTensor, block);
    }
  }
  return joined;
}

function emptyRows({ dtype, shape: [, ...columns] }: StoredTensor, rows: number): StoredTensor {
  const size = columns.reduce((product, side) => product * side, ITEM_SIZES[dtype]);
  return { dtype, shape: [rows, ...columns], bytes: new Uint8Array(rows * size) };
}

/** Copies the rows that both blocks have. */
function copyRows(from: StoredTensor, source: distributed.Block, to: StoredTensor, target: distributed.Block): void {
  const start = Math.max(source.first, target.first);
  const end = Math.min(source.first + source.count, target.first + target.count);
  if (end <= start) return;
  const size = to.bytes.length / target.count;
  const rows = from.bytes.subarray((start - source.first) * size, (end - source.first) * size);
  to.bytes.set(rows, (start - target.first) * size);
}
