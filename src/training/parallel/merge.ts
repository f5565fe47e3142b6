// What ranks have each learned in an epoch, put together on all of them.
import type { EpochTotals } from "../../runs/epoch-totals.js";
import { type EpochHistory, emptyHistory, HISTORY_COLUMNS } from "../../runs/files/sample-history.js";
import { type distributed, noGrad, ops, scope, type Tensor, tensor } from "../../torch/index.js";

type Group = distributed.ProcessGroup;

/** The samples that this rank has trained on in the epoch, ascending. */
export interface Visits {
  add(index: Int32Array): void;
  readonly samples: Int32Array;
}

export function noVisits(samples: number): Visits {
  const visited = new Uint8Array(samples);
  return {
    add: (index) => {
      for (const sample of index) visited[sample] = 1;
    },
    get samples() {
      return Int32Array.from(visited.keys()).filter((sample) => visited[sample] === 1);
    },
  };
}

/**
 * The rows of (samples, ...) arrays of which this rank gives none to the sum over the ranks: every row is that of the rank
 * which trained on the sample in this epoch, or else that of rank 0.
 */
export async function rowsOfOthers(group: Group, visits: Visits, samples: number): Promise<Tensor> {
  const isMine = scope(() => ops.zeros([samples]).indexFill_(0, tensor(visits.samples, { dtype: "int64" }), 1));
  const ofOtherRanks = group.rank === 0 ? ops.zerosLike(isMine) : isMine.clone();
  await group.allReduce([ofOtherRanks]);
  const others = scope(() => (group.rank === 0 ? ofOtherRanks : isMine.neg().add(1)).nonzero().flatten());
  for (const mask of [isMine, ofOtherRanks]) mask.release();
  return others;
}

/** Makes every row of (samples, ...) tensors that of the rank which owns it. @param others of `rowsOfOthers` */
export async function mergeRows(group: Group, tensors: readonly Tensor[], others: Tensor): Promise<void> {
  scope(() =>
    noGrad(() => {
      for (const rows of tensors) rows.indexFill_(0, others.to(rows.device), 0);
    }),
  );
  for (const rows of tensors) await group.allReduce([rows]);
}

/** The per-sample history of an epoch, on all ranks. */
export async function mergeHistory(
  group: Group,
  own: EpochHistory | null,
  others: Tensor,
  samples: number,
): Promise<EpochHistory> {
  const history = own ?? emptyHistory(samples);
  const rows = tensor(history, { shape: [history.length / HISTORY_COLUMNS, HISTORY_COLUMNS] });
  await mergeRows(group, [rows], others);
  const merged = rows.data() as Float32Array;
  rows.release();
  return merged;
}

const counted = ["samples", "correct", "cleanCorrect", "wrong", "memorized"] as const;

/** Adds up what each rank has counted; loss and seconds are those of whole steps already. */
export async function mergeTotals(group: Group, totals: EpochTotals): Promise<EpochTotals> {
  const sums = tensor(new Float64Array(counted.map((name) => totals[name])));
  await group.allReduce([sums]);
  const values = sums.data();
  sums.release();
  return { ...totals, ...Object.fromEntries(counted.map((name, i) => [name, Number(values[i])])) };
}

/** Averages running statistics over the ranks; whole numbers, such as batch norm's count of batches, become the largest. */
export async function averageBuffers(group: Group, buffers: readonly Tensor[]): Promise<void> {
  for (const buffer of buffers) {
    const isFloat = buffer.dtype.startsWith("float");
    await group.allReduce([buffer], isFloat ? "sum" : "max");
    if (isFloat) noGrad(() => void buffer.div_(group.world));
  }
}
