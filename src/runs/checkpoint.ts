// The state of a run on disk, for an exact resume.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type StagedFolder, stagedFile, stageFolder, withWriteErrors, writeStagedFile } from "../atomic-files.js";
import { InputError } from "../errors.js";
import { option } from "../options/index.js";
import { type Tensor, toStored } from "../torch/index.js";
import { readSafetensors, type Safetensors, type StoredDict, writeSafetensors } from "../torch/serialization/index.js";
import { type RankOf, readShards, shardsAmong } from "./checkpoint-shards.js";
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
const readAtOnce = ["model", "ema", "optimizer", "record"] as const;
export const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

const folderOf = (run: string, name: CheckpointName) => join(run, "checkpoint", name);

function stateFile(state: State): string {
  return `${JSON.stringify({ ...state, checksum: sha256(JSON.stringify(state)) }, null, 2)}\n`;
}

/** A checkpoint that is written file by file, and then takes its place in one step. */
export interface StagedCheckpoint extends Pick<StagedFolder, "write">, Disposable {
  writeTensors(tensors: Partial<CheckpointTensors>): void;
  /** Counts in a file that another process has written by `writeStaged`. */
  add(name: string, checksum: string): void;
  /** A file that does not belong to the checkpoint, until the function that is returned removes it. */
  mark(name: string, text: string): () => void;
  /** Ends it with its `state.json`. @throws InputError when it cannot be written; the old one then stays. */
  commit(progress: Progress): void;
}

/** The folder of a checkpoint, made of files that are written one after the other; to be disposed of, committed or not. */
export function stageCheckpoint(run: string, name: CheckpointName): StagedCheckpoint {
  const folder = folderOf(run, name);
  withWriteErrors(folder, () => mkdirSync(join(run, "checkpoint"), { recursive: true }));
  const staged = stageFolder(folder);
  const sums: Record<string, string> = {};
  const write = (file: string, bytes: Uint8Array) => {
    staged.write(file, bytes);
    sums[file] = sha256(bytes);
  };
  return {
    write,
    writeTensors(tensors) {
      for (const part of parts) {
        const own = tensors[part];
        if (own !== undefined && own.size > 0) write(`${part}.safetensors`, writeSafetensors(toStored(own)));
      }
    },
    add(file, checksum) {
      sums[file] = checksum;
    },
    mark(file, text) {
      staged.write(file, new TextEncoder().encode(text));
      return () => staged.remove(file);
    },
    commit(progress) {
      staged.write("state.json", new TextEncoder().encode(stateFile({ version: 1, progress, sha256: sums })));
      staged.commit(name === "last" ? folderOf(run, "previous") : undefined);
    },
    [Symbol.dispose]: staged[Symbol.dispose],
  };
}

/** A file of a checkpoint that this process or another one has staged. */
export const stagedFileOf = (run: string, name: CheckpointName, file: string) => stagedFile(folderOf(run, name), file);

/** Writes a file of a checkpoint that another process has staged. @throws InputError when it cannot be written. */
export const writeStaged = (run: string, name: CheckpointName, file: string, bytes: Uint8Array) =>
  writeStagedFile(folderOf(run, name), file, bytes);

/**
 * Writes `checkpoint/last` (the one before stays as `checkpoint/previous`) or `checkpoint/best`, atomically.
 * @throws InputError when the disk is full or may not be written.
 */
export function saveCheckpoint(
  run: string,
  name: CheckpointName,
  tensors: Partial<CheckpointTensors>,
  progress: Progress,
): void {
  using staged = stageCheckpoint(run, name);
  staged.writeTensors(tensors);
  staged.commit(progress);
}

/**
 * Writes the weights after an epoch as `checkpoint/epoch-N`, atomically.
 * @throws InputError when the disk is full or may not be written.
 */
export function keepWeights(run: string, epoch: number, { model, ema }: CheckpointTensors, progress: Progress): void {
  saveCheckpoint(run, `epoch-${epoch}`, { model, ema }, progress);
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

function readPart(folder: string, part: string, state: State): Safetensors {
  const name = `${part}.safetensors`;
  const expected = state.sha256[name];
  if (expected === undefined) return { tensors: new Map(), metadata: {} };
  const path = join(folder, name);
  if (!existsSync(path)) throw new InputError(`checkpoint ${folder} is damaged: ${name} is missing`);
  const bytes = new Uint8Array(readFileSync(path));
  if (sha256(bytes) !== expected) {
    throw new InputError(`checkpoint ${folder} is damaged: ${name} does not match its checksum in state.json`);
  }
  return readSafetensors(bytes, path);
}

/** The per-sample state, in one file or in those of several ranks. */
function readTargets(folder: string, state: State, reader?: RankOf): StoredDict {
  const { tensors } = readPart(folder, "targets", state);
  const world = shardsAmong(Object.keys(state.sha256));
  return new Map([...tensors, ...readShards(world, (name) => readPart(folder, name, state), reader)]);
}

/** Fields that older versions did not write. */
const missingFields: Pick<Progress, "startEpoch" | "detectionEpochs" | "collapsing" | "samples"> = {
  startEpoch: null,
  detectionEpochs: [],
  collapsing: 0,
  samples: 0,
};

function reasonMissing(name: CheckpointName): string {
  if (name === "best") return `it is kept for runs with ${option("valFraction")}`;
  return name.startsWith("epoch-") ? `it is kept for epochs from ${option("keepFrom")} on` : "none was saved yet";
}

/**
 * Reads one checkpoint.
 * @param reader a rank that needs its own rows alone of what several ranks wrote (default: all rows)
 * @throws InputError when there is none, or naming the file that is damaged or missing.
 */
export function readCheckpoint(run: string, name: CheckpointName, reader?: RankOf): LoadedCheckpoint {
  const folder = folderOf(run, name);
  if (!existsSync(folder)) {
    throw new InputError(`${run} has no checkpoint "${name}": ${reasonMissing(name)}`);
  }
  const state = readState(folder);
  const tensors = Object.fromEntries(readAtOnce.map((part) => [part, readPart(folder, part, state).tensors]));
  return {
    tensors: {
      ...(tensors as Omit<LoadedCheckpoint["tensors"], "targets">),
      targets: readTargets(folder, state, reader),
    },
    progress: { ...missingFields, ...state.progress },
    damage: null,
  };
}

/**
 * The newest intact checkpoint: the last, or the previous one if the last is damaged; null when there is none.
 * @throws InputError when neither is.
 */
export function readNewestCheckpoint(run: string, reader?: RankOf): LoadedCheckpoint | null {
  const names = (["last", "previous"] as const).filter((name) => existsSync(folderOf(run, name)));
  let damage: string | null = null;
  for (const name of names) {
    try {
      return { ...readCheckpoint(run, name, reader), damage };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      damage ??= error.message;
    }
  }
  if (damage !== null) throw new InputError(`${damage}; there is no intact older checkpoint to resume from`);
  return null;
}
