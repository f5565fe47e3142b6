// The state of a run on disk, for an exact resume.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { withWriteErrors, writeFolderAtomic } from "../atomic-files.js";
import { InputError } from "../errors.js";
import { option } from "../options/index.js";
import { type Tensor, toStored } from "../torch/index.js";
import { readSafetensors, type StoredDict, writeSafetensors } from "../torch/serialization/index.js";
import type { Progress } from "./progress.js";

/** The tensors of a checkpoint, by the file that they go into. */
export interface CheckpointTensors {
  readonly model: ReadonlyMap<string, Tensor>;
  /** The averaged weights, where there are some. */
  readonly ema: ReadonlyMap<string, Tensor>;
  readonly optimizer: ReadonlyMap<string, Tensor>;
  readonly targets: ReadonlyMap<string, Tensor>;
  /** The per-sample history of an unfinished epoch. */
  readonly record: ReadonlyMap<string, Tensor>;
}

export interface LoadedCheckpoint {
  readonly tensors: Readonly<Record<keyof CheckpointTensors, StoredDict>>;
  readonly progress: Progress;
  /** The damage of a newer checkpoint that was skipped; null without one. */
  readonly damage: string | null;
}

/** `epoch-N` holds the weights of one epoch and no state to resume from. */
export type CheckpointName = "last" | "previous" | "best" | `epoch-${number}`;

/** `state.json`: the position, the checksum of every other file, and one of these themselves. */
interface State {
  readonly version: 1;
  readonly progress: Progress;
  readonly sha256: Readonly<Record<string, string>>;
}

const parts = ["model", "ema", "optimizer", "targets", "record"] as const;
const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

const folderOf = (run: string, name: CheckpointName) => join(run, "checkpoint", name);

function stateFile(state: State): string {
  return `${JSON.stringify({ ...state, checksum: sha256(JSON.stringify(state)) }, null, 2)}\n`;
}

function filesOf(tensors: CheckpointTensors, progress: Progress): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const part of parts) {
    if (tensors[part].size > 0) files.set(`${part}.safetensors`, writeSafetensors(toStored(tensors[part])));
  }
  const sums = Object.fromEntries([...files].map(([name, bytes]) => [name, sha256(bytes)]));
  return files.set("state.json", new TextEncoder().encode(stateFile({ version: 1, progress, sha256: sums })));
}

/**
 * Writes `checkpoint/last` (the one before stays as `checkpoint/previous`) or `checkpoint/best`, atomically.
 * @throws InputError when the disk is full or may not be written.
 */
export function saveCheckpoint(
  run: string,
  name: "last" | "best",
  tensors: CheckpointTensors,
  progress: Progress,
): void {
  const folder = folderOf(run, name);
  withWriteErrors(folder, () => mkdirSync(join(run, "checkpoint"), { recursive: true }));
  writeFolderAtomic(folder, filesOf(tensors, progress), name === "last" ? folderOf(run, "previous") : undefined);
}

/**
 * Writes the weights after an epoch as `checkpoint/epoch-N`, atomically.
 * @throws InputError when the disk is full or may not be written.
 */
export function keepWeights(run: string, epoch: number, { model, ema }: CheckpointTensors, progress: Progress): void {
  const none = new Map();
  writeFolderAtomic(
    folderOf(run, `epoch-${epoch}`),
    filesOf({ model, ema, optimizer: none, targets: none, record: none }, progress),
  );
}

/** Removes the weights that were kept after an epoch. @throws InputError where they may not be removed. */
export function removeWeights(run: string, epoch: number): void {
  const folder = folderOf(run, `epoch-${epoch}`);
  withWriteErrors(folder, () => rmSync(folder, { recursive: true, force: true }));
}

/** The epochs whose weights a run has kept, ascending. */
export function keptEpochs(run: string): number[] {
  const folder = join(run, "checkpoint");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const epochs = names.flatMap((name) => name.match(/^epoch-(\d+)$/)?.[1] ?? []);
  return epochs.map(Number).sort((a, b) => a - b);
}

/** The content of a `state.json`, or null if its checksum is wrong. */
function parseState(text: string): State | null {
  try {
    const { checksum, ...state } = JSON.parse(text) as State & { readonly checksum: unknown };
    return checksum === sha256(JSON.stringify(state)) ? state : null;
  } catch {
    return null;
  }
}

function readState(folder: string): State {
  const path = join(folder, "state.json");
  const state = existsSync(path) ? parseState(readFileSync(path, "utf8")) : null;
  if (state !== null) return state;
  throw new InputError(`checkpoint ${folder} is damaged: state.json is missing or fails its checksum`);
}

function readPart(folder: string, part: string, state: State): StoredDict {
  const name = `${part}.safetensors`;
  const expected = state.sha256[name];
  if (expected === undefined) return new Map();
  const path = join(folder, name);
  if (!existsSync(path)) throw new InputError(`checkpoint ${folder} is damaged: ${name} is missing`);
  const bytes = new Uint8Array(readFileSync(path));
  if (sha256(bytes) !== expected) {
    throw new InputError(`checkpoint ${folder} is damaged: ${name} does not match its checksum in state.json`);
  }
  return readSafetensors(bytes, path).tensors;
}

/** Fields that older versions did not write. */
const missingFields: Pick<Progress, "startEpoch" | "detectionLosses" | "collapsing" | "samples"> = {
  startEpoch: null,
  detectionLosses: [],
  collapsing: 0,
  samples: 0,
};

function reasonMissing(name: CheckpointName): string {
  if (name === "best") return `it is kept for runs with ${option("valFraction")}`;
  return name.startsWith("epoch-") ? `it is kept for epochs from ${option("keepFrom")} on` : "none was saved yet";
}

/** Reads one checkpoint. @throws InputError when there is none, or naming the file that is damaged or missing. */
export function readCheckpoint(run: string, name: CheckpointName): LoadedCheckpoint {
  const folder = folderOf(run, name);
  if (!existsSync(folder)) {
    throw new InputError(`${run} has no checkpoint "${name}": ${reasonMissing(name)}`);
  }
  const state = readState(folder);
  const tensors = Object.fromEntries(parts.map((part) => [part, readPart(folder, part, state)]));
  return {
    tensors: tensors as LoadedCheckpoint["tensors"],
    progress: { ...missingFields, ...state.progress },
    damage: null,
  };
}

/**
 * The newest intact checkpoint: the last, or the previous one if the last is damaged; null when there is none.
 * @throws InputError when neither is.
 */
export function readNewestCheckpoint(run: string): LoadedCheckpoint | null {
  const names = (["last", "previous"] as const).filter((name) => existsSync(folderOf(run, name)));
  let damage: string | null = null;
  for (const name of names) {
    try {
      return { ...readCheckpoint(run, name), damage };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      damage ??= error.message;
    }
  }
  if (damage !== null) throw new InputError(`${damage}; there is no intact older checkpoint to resume from`);
  return null;
}
