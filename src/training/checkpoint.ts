// The state of a run at one moment, on disk: enough to go on as if nothing had happened.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../errors.js";
import { type Tensor, toStored } from "../torch/index.js";
import { readSafetensors, type StoredDict, writeSafetensors } from "../torch/serialization/index.js";
import { writeFolderWhole } from "./files.js";
import type { Progress } from "./progress.js";

/** The tensors of a checkpoint, by the file that they go into. */
export interface CheckpointTensors {
  readonly model: ReadonlyMap<string, Tensor>;
  readonly optimizer: ReadonlyMap<string, Tensor>;
  readonly targets: ReadonlyMap<string, Tensor>;
}

export interface LoadedCheckpoint {
  readonly tensors: Readonly<Record<keyof CheckpointTensors, StoredDict>>;
  readonly progress: Progress;
  /** What was wrong with a newer checkpoint that had to be passed over, if one was. */
  readonly damage: string | null;
}

interface StateFile {
  readonly version: 1;
  readonly progress: Progress;
  readonly sha256: Readonly<Record<string, string>>;
}

const parts = ["model", "optimizer", "targets"] as const;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const folderOf = (run: string, name: string) => join(run, "checkpoint", name);

function filesOf(tensors: CheckpointTensors, progress: Progress): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const part of parts) {
    if (tensors[part].size > 0) files.set(`${part}.safetensors`, writeSafetensors(toStored(tensors[part])));
  }
  const sums = Object.fromEntries([...files].map(([name, bytes]) => [name, sha256(bytes)]));
  const state: StateFile = { version: 1, progress, sha256: sums };
  return files.set("state.json", new TextEncoder().encode(`${JSON.stringify(state, null, 2)}\n`));
}

/**
 * Writes `checkpoint/last` (the one before stays as `checkpoint/previous`) or `checkpoint/best`, whole or not at all.
 * @throws InputError when the disk is full or may not be written.
 */
export function saveCheckpoint(
  run: string,
  name: "last" | "best",
  tensors: CheckpointTensors,
  progress: Progress,
): void {
  mkdirSync(join(run, "checkpoint"), { recursive: true });
  const retired = name === "last" ? folderOf(run, "previous") : undefined;
  writeFolderWhole(folderOf(run, name), filesOf(tensors, progress), retired);
}

function readState(folder: string): StateFile {
  const path = join(folder, "state.json");
  try {
    return JSON.parse(readFileSync(path, "utf8")) as StateFile;
  } catch {
    throw new InputError(`checkpoint ${folder} is damaged: state.json is missing or is not JSON`);
  }
}

function readPart(folder: string, part: string, state: StateFile): StoredDict {
  const name = `${part}.safetensors`;
  const expected = state.sha256[name];
  if (expected === undefined) return new Map();
  const path = join(folder, name);
  const bytes = existsSync(path) ? new Uint8Array(readFileSync(path)) : new Uint8Array();
  if (sha256(bytes) !== expected) {
    throw new InputError(`checkpoint ${folder} is damaged: ${name} is not what its checksum in state.json says`);
  }
  return readSafetensors(bytes, path).tensors;
}

/** Reads one checkpoint. @throws InputError naming the file that is damaged or missing. */
export function readCheckpoint(run: string, name: "last" | "previous" | "best"): LoadedCheckpoint {
  const folder = folderOf(run, name);
  const state = readState(folder);
  const [model, optimizer, targets] = parts.map((part) => readPart(folder, part, state)) as [
    StoredDict,
    StoredDict,
    StoredDict,
  ];
  return { tensors: { model, optimizer, targets }, progress: state.progress, damage: null };
}

/**
 * The newest checkpoint that is whole: the last, or the one before where the last is damaged.
 * @throws InputError when neither is; null when there never was one.
 */
export function readNewestCheckpoint(run: string): LoadedCheckpoint | null {
  const names = (["last", "previous"] as const).filter((name) => existsSync(folderOf(run, name)));
  let damage: string | null = null;
  for (const name of names) {
    try {
      return { ...readCheckpoint(run, name), damage };
    } catch (error) {
      damage ??= (error as Error).message;
    }
  }
  if (damage !== null) throw new InputError(`${damage}; there is no older one to go on from`);
  return null;
}
