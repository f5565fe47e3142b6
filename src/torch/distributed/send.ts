// Bytes of one rank for rank 0, in pieces, so that neither needs memory for a second copy.
import { fromBytes } from "../create.js";
import { scope } from "../lifetime.js";
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import type { ProcessGroup } from "./group.js";

const pieceBytes = 2 ** 26;

export interface SentBytes {
  readonly from: number;
  /** Those of rank `from`; of the others any. */
  readonly bytes: Uint8Array;
  /** How many these are, known to all. */
  readonly length: number;
  /** The size of what no piece cuts in two (default: a byte). */
  readonly unit?: number;
}

/**
 * Sends bytes of rank `from` to rank 0. All ranks call it together.
 * @param receive called on rank 0 with one piece after the other
 */
export async function sendToFirst(
  group: ProcessGroup,
  { from, bytes, length, unit = 1 }: SentBytes,
  receive: (piece: Uint8Array) => void | Promise<void>,
): Promise<void> {
  const most = unit * Math.max(1, Math.floor(pieceBytes / unit));
  for (let start = 0; start < length; start += most) {
    const size = Math.min(most, length - start);
    const own = group.rank === from ? bytes.subarray(start, start + size) : bytes.subarray(0, 0);
    if (from !== 0) await sendPiece(group, from, own, size, receive);
    else if (group.rank === 0) await receive(own);
  }
}

async function sendPiece(
  group: ProcessGroup,
  from: number,
  own: Uint8Array,
  size: number,
  receive: (piece: Uint8Array) => void | Promise<void>,
): Promise<void> {
  const { rank, world } = group;
  const counts = (at: number, count: number) => Array.from({ length: world }, (_, other) => (other === at ? count : 0));
  const input = fromBytes(own, "uint8", [own.length, 1]);
  const output: Tensor = scope(() => ops.zeros([rank === 0 ? size : 0, 1], { dtype: "uint8" }));
  await group.allToAll(output, input, counts(from, rank === 0 ? size : 0), counts(0, own.length));
  input.release();
  if (rank === 0) await receive(output.bytes());
  output.release();
}
