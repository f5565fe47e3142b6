// Rows that ranks fetch from their owners for a step, and give back after it.
import { noGrad } from "../autograd.js";
import { tensor } from "../create.js";
import { scope } from "../lifetime.js";
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import { blockBounds, ownerOf } from "./blocks.js";
import type { ProcessGroup } from "./group.js";

/** What one rank sends and receives in a step. */
export interface RowPlan {
  /** The rows of its block that each rank needs, one rank after the other; counted from the first of the block. */
  readonly sent: Int32Array;
  readonly to: readonly number[];
  /** The rows that it needs itself, in the order in which their owners send them. */
  readonly received: Int32Array;
  readonly from: readonly number[];
}

/**
 * Every rank knows what all need, so that nothing has to be agreed on.
 * @param needed the rows that each rank needs, no row twice
 * @param samples the rows of all blocks
 */
export function planRows(
  needed: readonly Int32Array[],
  samples: number,
  { rank, world }: Pick<ProcessGroup, "rank" | "world">,
): RowPlan {
  const { first } = blockBounds(samples, { rank, world });
  const ownedBy = (rows: Int32Array, owner: number) => rows.filter((row) => ownerOf(row, samples, world) === owner);
  const sent = needed.map((rows) => ownedBy(rows, rank).map((row) => row - first));
  const own = needed[rank] as Int32Array;
  const received = needed.map((_, owner) => ownedBy(own, owner));
  const lengths = (parts: readonly Int32Array[]) => parts.map(({ length }) => length);
  return { sent: joined(sent), to: lengths(sent), received: joined(received), from: lengths(received) };
}

const joined = (parts: readonly Int32Array[]) => Int32Array.from(parts.flatMap((part) => Array.from(part)));

/** The rows that the plan says this rank receives, (received, columns), for the caller to release. */
export async function fetchRows(group: ProcessGroup, kept: Tensor, plan: RowPlan): Promise<Tensor> {
  const given = scope(() => kept.indexSelect(0, positions(plan.sent, kept)));
  const rows = scope(() => emptyRows(kept, plan.received.length));
  await exchange(group, { output: rows, input: given, from: plan.from, to: plan.to });
  given.release();
  return rows;
}

/** Gives `rows`, as `fetchRows` returned them and changed since, back to their owners. */
export async function returnRows(group: ProcessGroup, kept: Tensor, plan: RowPlan, rows: Tensor): Promise<void> {
  const back = scope(() => emptyRows(kept, plan.sent.length));
  await exchange(group, { output: back, input: rows, from: plan.to, to: plan.from });
  scope(() => noGrad(() => void kept.indexCopy_(0, positions(plan.sent, kept), back)));
  back.release();
}

const positions = (rows: Int32Array, { device }: Tensor) => tensor(rows, { dtype: "int64", device });

const emptyRows = ({ shape, dtype, device }: Tensor, rows: number) =>
  ops.zeros([rows, shape[1] as number], { dtype, device });

interface Exchange {
  readonly output: Tensor;
  readonly input: Tensor;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** As bytes, so that any element type will do. */
async function exchange(group: ProcessGroup, { output, input, from, to }: Exchange): Promise<void> {
  const bytes = [output, input].map((rows) => scope(() => rows.view("uint8"))) as [Tensor, Tensor];
  await group.allToAll(...bytes, from, to);
  for (const view of bytes) view.release();
}
