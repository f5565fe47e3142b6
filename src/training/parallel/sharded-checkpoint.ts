// The rows that ranks own, in the files of a checkpoint and of a run.
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createNpyRows } from "../../data/index.js";
import type { OwnedState, SampleRows } from "../../objectives/index.js";
import {
  type CheckpointName,
  type StagedCheckpoint,
  sha256,
  stagedFileOf,
  writeStaged,
} from "../../runs/checkpoint.js";
import { shardMetadata, shardName } from "../../runs/checkpoint-shards.js";
import { distributed, scope, type Tensor, toStored, writeSafetensors } from "../../torch/index.js";

type Group = distributed.ProcessGroup;

/** State of an objective: the rows that this rank owns, and what every rank has. */
export function splitState(state: ReadonlyMap<string, Tensor>, owned: OwnedState | null) {
  const isOwned = (kept: Tensor) => owned?.owns(kept) ?? false;
  const rows = [...state].filter(([, kept]) => isOwned(kept));
  const common = [...state].filter(([, kept]) => !isOwned(kept));
  return { rows: new Map(rows), common: new Map(common) };
}

/** The file of the rows that this rank owns. */
export const shardOf = (rows: ReadonlyMap<string, Tensor>, samples: number): Uint8Array =>
  scope(() => writeSafetensors(toStored(rows), shardMetadata(samples)));

/** What a rank has written of a checkpoint, or has for rank 0 to write. */
interface Shard {
  readonly isWritten: boolean;
  readonly checksum: string;
  readonly length: number;
}

/** Shows ranks that they see the folder that rank 0 writes. */
const tokenFile = "ranks-here";

/**
 * Adds the shard of each rank to a checkpoint that rank 0 has staged: written by the rank itself where it sees the folder, sent to rank 0
 * where it does not. All ranks call it together.
 * @param run the run folder as this rank knows it
 * @param staged that of rank 0; null on all others
 */
export async function addShards(
  group: Group,
  { run, name, shard }: { readonly run: string | undefined; readonly name: CheckpointName; readonly shard: Uint8Array },
  staged: StagedCheckpoint | null,
): Promise<void> {
  const token = randomUUID();
  const unmark = staged?.mark(tokenFile, token);
  const [first = ""] = await distributed.gatherTexts(group, token);
  const file = (rank: number) => `${shardName({ rank, world: group.world })}.safetensors`;
  const isWritten = run !== undefined && seesToken(stagedFileOf(run, name, tokenFile), first);
  if (isWritten) writeStaged(run, name, file(group.rank), shard);
  const own: Shard = { isWritten, checksum: sha256(shard), length: shard.length };
  const shards = (await distributed.gatherTexts(group, JSON.stringify(own))).map((text) => JSON.parse(text) as Shard);
  for (const [from, { isWritten: isThere, checksum, length }] of shards.entries()) {
    if (isThere) staged?.add(file(from), checksum);
    else await receive(group, { from, bytes: shard, length }, (bytes) => staged?.write(file(from), bytes));
  }
  unmark?.();
}

const floats = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  new Float32Array(buffer, byteOffset, byteLength / Float32Array.BYTES_PER_ELEMENT);

const seesToken = (path: string, token: string) => existsSync(path) && readFileSync(path, "utf8") === token;

async function receive(
  group: Group,
  sent: { readonly from: number; readonly bytes: Uint8Array; readonly length: number },
  use: (bytes: Uint8Array) => void,
): Promise<void> {
  const received = new Uint8Array(group.rank === 0 ? sent.length : 0);
  let at = 0;
  await distributed.sendToFirst(group, sent, (piece) => {
    received.set(piece, at);
    at += piece.length;
  });
  if (group.rank === 0) use(received);
}

/**
 * Writes the targets of all samples as a `.npy` file of rank 0, one block after the other. All ranks call it together.
 * @param path null on all ranks but 0
 */
export async function writeTargets(
  group: Group,
  { kept, samples }: Pick<SampleRows, "kept" | "samples">,
  path: string | null,
): Promise<void> {
  const [, columns = 0] = kept.shape;
  const bytes = scope(() => kept.to("float32").bytes());
  const file = path === null ? null : await createNpyRows(path, columns);
  try {
    for (let from = 0; from < group.world; from++) {
      const { count } = distributed.blockBounds(samples, { rank: from, world: group.world });
      const unit = columns * Float32Array.BYTES_PER_ELEMENT;
      const sent = { from, bytes, length: count * unit, unit };
      await distributed.sendToFirst(group, sent, (piece) => file?.append(floats(piece)));
    }
  } catch (error) {
    await file?.abandon();
    throw error;
  }
  await file?.end();
}
