// Files and folders that are whole or not there: written beside, synced, then renamed.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { InputError } from "../errors.js";

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full; free some space, then go on with --resume",
  EDQUOT: "the disk quota is used up; free some space, then go on with --resume",
  EACCES: "there is no permission to write there; choose another --out",
  EPERM: "there is no permission to write there; choose another --out",
  EROFS: "the file system is read-only; choose another --out",
  ENOTDIR: "a part of the path is a file, not a folder; choose another --out",
  EEXIST: "a file of that name is in the way; choose another --out",
};

/** Runs a writing action; what the user can mend becomes an `InputError` naming the path. */
export function writing<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? ""];
    throw reason === undefined ? error : new InputError(`cannot write ${path}: ${reason}`);
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function writeSynced(path: string, bytes: Uint8Array): void {
  const file = openSync(path, "w");
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Replaces a file in one step. @throws InputError when it cannot be written; the old one then stays. */
export function writeFileWhole(path: string, contents: string | Uint8Array): void {
  const beside = `${path}.writing`;
  writing(path, () => {
    try {
      writeSynced(beside, typeof contents === "string" ? new TextEncoder().encode(contents) : contents);
      renameSync(beside, path);
      syncFolder(dirname(path));
    } finally {
      rmSync(beside, { force: true });
    }
  });
}

/** Replaces a folder by one with these files; the old one becomes `retired`, where that is given. */
export function writeFolderWhole(path: string, files: ReadonlyMap<string, Uint8Array>, retired?: string): void {
  const beside = `${path}.writing`;
  writing(path, () => {
    try {
      rmSync(beside, { recursive: true, force: true });
      mkdirSync(beside, { recursive: true });
      for (const [name, bytes] of files) writeSynced(join(beside, name), bytes);
      syncFolder(beside);
      makeRoom(path, retired);
      renameSync(beside, path);
      syncFolder(dirname(path));
    } finally {
      rmSync(beside, { recursive: true, force: true });
    }
  });
}

function makeRoom(path: string, retired: string | undefined): void {
  if (!existsSync(path)) return;
  const place = retired ?? `${path}.old`;
  rmSync(place, { recursive: true, force: true });
  renameSync(path, place);
  if (retired === undefined) rmSync(place, { recursive: true, force: true });
}
