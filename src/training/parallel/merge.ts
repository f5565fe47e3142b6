// What ranks have each learned in an epoch, put together on all of them.
import type { EpochTotals } from "../../runs/epoch-totals.js";
import { type EpochHistory, emptyHistory, HISTORY_COLUMNS } from "../../runs/files/sample-history.js";
import { type distributed, noGrad, scope, type Tensor, tensor } from "../../torch/index.js";

type Group = distributed.ProcessGroup;

/** When this rank has last trained on each sample of the epoch. */
export interface Visits {
  add(index: Int32Array, step: number): void;
  /** The step, counted from 1; 0 for a sample that was not visited. */
  readonly steps: Int32Array;
}

/** A process by itself keeps none. */
export function visitsOf({ world }: Group, samples: number): Visits {
  const steps = new Int32Array(world === 1 ? 0 : samples);
  if (world === 1) return { add: () => {}, steps };
  return {
    add: (index, step) => {
      for (const sample of index) steps[sample] = step + 1;
    },
    steps,
  };
}

/**
 * The rows of (samples, ...) arrays of which this rank gives none to the sum over the ranks: every row is that of the rank
 * which was the last to train on the sample in this epoch, or else that of rank 0.
 */
export async function rowsOfOthers(group: Group, { steps }: Visits): Promise<Tensor> {
  const { rank, world } = group;
  // Within a step, a higher rank has a later part of the batch.
  const own = tensor(Float64Array.from(steps, (step) => (step === 0 ? 0 : step * world + rank)));
  const last = scope(() => own.clone());
  await group.allReduce([last], "max");
  const others = scope(() => (rank === 0 ? own.ne(last) : own.ne(last).logicalOr(last.eq(0))).nonzero().flatten());
  for (const turns of [own, last]) turns.release();
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
