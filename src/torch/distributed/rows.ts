// Rows that ranks give each other within a step, where nothing can be awaited.
import { noGrad } from "../autograd.js";
import { tensor } from "../create.js";
import { itemSizeOf } from "../dtype.js";
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import type { ProcessGroup } from "./group.js";

export interface GatheredRows {
  /** The rows of all ranks, one rank after the other; a gradient flows to this rank's alone. */
  readonly tensors: readonly Tensor[];
  /** How many rows there are, and how many of them are this rank's. */
  readonly total: number;
  readonly own: number;
}

/**
 * Tensors (n, columns) of all ranks; n may differ between ranks. Belongs in a scope. A rank without rows may leave the columns
 * open, (0, 0). They are exchanged as bytes, so that any element type will do.
 */
export function gatherRowsNow(group: ProcessGroup, tensors: readonly Tensor[]): GatheredRows {
  const own = tensors[0]?.shape[0] as number;
  if (group.world === 1) return { tensors, total: own, own };
  const sizes = sizesNow(group, [own, ...tensors.map(bytesOfRow)]);
  const counts = sizes.map(([rows]) => rows as number);
  const gathered = tensors.map((rows, i) => {
    const width = Math.max(...sizes.map((size) => size[i + 1] as number));
    const parts = bytesNow(group, rows, counts, width);
    const present = parts.map((part, rank) => (rank === group.rank ? rows : part.view(rows.dtype)));
    return ops.cat(present.filter((_, rank) => counts[rank] !== 0));
  });
  return { tensors: gathered, total: counts.reduce((sum, rows) => sum + rows, 0), own };
}

const bytesOfRow = (rows: Tensor) => (rows.shape[1] as number) * itemSizeOf(rows.dtype);

/** The same numbers of every rank. */
function sizesNow(group: ProcessGroup, own: readonly number[]): number[][] {
  const table = new Int32Array(group.world * own.length);
  table.set(own, group.rank * own.length);
  const sizes = tensor(table);
  group.allReduceNow([sizes]);
  const all = Array.from(sizes.data() as Int32Array);
  return Array.from({ length: group.world }, (_, rank) => all.slice(rank * own.length, (rank + 1) * own.length));
}

/** The rows of each rank, (count, width). A collective takes tensors of one shape: the shorter ones are padded, and cut again. */
function bytesNow(group: ProcessGroup, own: Tensor, counts: readonly number[], width: number): Tensor[] {
  const [rows = 0] = own.shape;
  const { device } = own;
  const empty = () => ops.zeros([Math.max(...counts), width], { dtype: "uint8", device });
  const input = empty();
  if (rows > 0) noGrad(() => input.narrow(0, 0, rows).copy_(own.detach().contiguous().view("uint8")));
  const outputs = counts.map(empty);
  group.allGatherNow(outputs, input);
  return outputs.map((output, rank) => output.narrow(0, 0, counts[rank] as number));
}
