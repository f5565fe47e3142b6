// What ranks hold in different amounts, put together on all of them.
import { tensor } from "../create.js";
import { scope } from "../lifetime.js";
import { ops } from "../operators.js";
import { blockBounds } from "./blocks.js";
import type { ProcessGroup } from "./group.js";

type Values = Float32Array | Int32Array | Uint8Array;

/** The rank's consecutive block of values that ranks share: nearly equal ones, none of them padded. */
export function blockOf<T extends Values>(values: T, group: ProcessGroup): T {
  const { first, count } = blockBounds(values.length, group);
  return values.subarray(first, first + count) as T;
}

/** The values of all ranks, one rank after the other; each may have any number of them, and none. */
export async function gatherValues<T extends Values>(group: ProcessGroup, own: T): Promise<T> {
  if (group.world === 1) return own;
  const parts = await partsOfRanks(group, own);
  const all = emptyLike(
    own,
    parts.reduce((length, part) => length + part.length, 0),
  );
  let start = 0;
  for (const part of parts) {
    all.set(part, start);
    start += part.length;
  }
  return all;
}

/** A text of every rank, in the order of the ranks. */
export async function gatherTexts(group: ProcessGroup, own: string): Promise<string[]> {
  if (group.world === 1) return [own];
  const parts = await partsOfRanks(group, new TextEncoder().encode(own));
  return parts.map((bytes) => new TextDecoder().decode(bytes));
}

/** A collective takes tensors of one shape: the shorter ones are padded, and cut again. */
async function partsOfRanks<T extends Values>(group: ProcessGroup, own: T): Promise<T[]> {
  const lengths = await lengthsOfRanks(group, own.length);
  const longest = Math.max(...lengths);
  if (longest === 0) return lengths.map(() => own);
  const padded = emptyLike(own, longest);
  padded.set(own);
  const input = tensor(padded);
  const outputs = lengths.map(() => scope(() => ops.zerosLike(input)));
  await group.allGather(outputs, input);
  const parts = outputs.map((output, rank) => (output.data() as T).slice(0, lengths[rank]) as T);
  for (const held of [input, ...outputs]) held.release();
  return parts;
}

async function lengthsOfRanks(group: ProcessGroup, own: number): Promise<number[]> {
  const known = new Int32Array(group.world);
  known[group.rank] = own;
  const lengths = tensor(known);
  await group.allReduce([lengths]);
  const all = Array.from(lengths.data() as Int32Array);
  lengths.release();
  return all;
}

const emptyLike = <T extends Values>(values: T, length: number): T =>
  new (values.constructor as new (length: number) => T)(length);
