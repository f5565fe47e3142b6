// Atomic files and folders: written under a temporary name, synced, then renamed.
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { InputError } from "./errors.js";

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: `the disk is full; free some space, then try again; a stopped run resumes with \`resume\``,
  EDQUOT: `the disk quota is used up; free some space, then try again; a stopped run resumes with \`resume\``,
  EACCES: "there is no permission to write there; choose another path",
  EPERM: "there is no permission to write there; choose another path",
  EROFS: "the file system is read-only; choose another path",
  ENOENT: "the folder that it belongs in is gone or cannot be made; choose another path",
  ENOTDIR: "a part of the path is a file, not a folder; choose another path",
  EISDIR: "a folder of that name is in the way; choose another path",
  EEXIST: "a file of that name is in the way; choose another path",
  ENAMETOOLONG: "the name is too long; choose another path",
};

/** Runs a writing action; errors that the user can fix become an `InputError` with the path. */
export function withWriteErrors<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw writeError(path, error);
  }
}

function writeError(path: string, error: unknown): unknown {
  const reason = reasons[(error as NodeJS.ErrnoException).code ?? ""];
  return reason === undefined ? error : new InputError(`cannot write ${path}: ${reason}`);
}

/** The name under which something is written before it is renamed; left behind only where the process was killed. */
const temporaryPath = (path: string) => `${path}.writing`;

export const isUnfinished = (name: string) => name.endsWith(temporaryPath(""));

function withFile(path: string, flags: string, action: (file: number) => void): void {
  const file = openSync(path, flags);
  try {
    action(file);
  } finally {
    closeSync(file);
  }
}

const syncFolder = (path: string) => withFile(path, "r", fsyncSync);

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
  fsyncSync(file);
}

const writeSynced = (path: string, bytes: Uint8Array) => withFile(path, "w", (file) => writeAll(file, bytes));

const bytesOf = (contents: string | Uint8Array) =>
  typeof contents === "string" ? new TextEncoder().encode(contents) : contents;

/**
 * Replaces a file in one step.
 * @param temporary its name until then; where several processes write the same file, one that is theirs alone
 * @throws InputError when it cannot be written; the old one then stays.
 */
export function writeFileAtomic(
  path: string,
  contents: string | Uint8Array,
  temporary: string = temporaryPath(path),
): void {
  withWriteErrors(path, () => {
    try {
      writeSynced(temporary, bytesOf(contents));
      renameSync(temporary, path);
      syncFolder(dirname(path));
    } finally {
      rmSync(temporary, { force: true });
    }
  });
}

/**
 * Replaces files, all of them or none; the first one last, so that where it is new, all are.
 * @throws InputError when one cannot be written; the old ones then stay.
 */
export function writeAllAtomic(files: readonly { readonly file: string; readonly bytes: Uint8Array }[]): void {
  try {
    for (const { file, bytes } of files) withWriteErrors(file, () => writeSynced(temporaryPath(file), bytes));
    for (const { file } of files.toReversed()) withWriteErrors(file, () => renameSync(temporaryPath(file), file));
    for (const folder of new Set(files.map(({ file }) => dirname(file)))) syncFolder(folder);
  } finally {
    for (const { file } of files) rmSync(temporaryPath(file), { force: true });
  }
}

/**
 * Replaces files that `write` fills little by little, once it has ended; the first one last, so that where it is new, all are.
 * @param write gets the temporary names; it syncs what it writes
 * @throws InputError when they cannot be written; the old ones then stay.
 */
export async function writeFilesAtomic<T>(
  paths: readonly string[],
  write: (...temporary: string[]) => Promise<T>,
): Promise<T> {
  try {
    const result = await write(...paths.map(temporaryPath));
    for (const path of paths.toReversed()) renameSync(temporaryPath(path), path);
    return result;
  } catch (error) {
    throw writeError(paths.join(" and "), error);
  } finally {
    for (const path of paths) rmSync(temporaryPath(path), { force: true });
  }
}

/** Adds to the end of a file. @throws InputError when it cannot be written; the file is then as it was. */
export function appendAtomic(path: string, text: string): void {
  const add = (file: number) => {
    const { size } = fstatSync(file);
    try {
      writeAll(file, bytesOf(text));
    } catch (error) {
      ftruncateSync(file, size);
      throw error;
    }
  };
  withWriteErrors(path, () => withFile(path, "a", add));
}

/** A folder that is filled file by file, and then takes its place in one step. */
export interface StagedFolder extends Disposable {
  /** Writes a file into it. @throws InputError when it cannot be written. */
  write(name: string, bytes: Uint8Array): void;
  remove(name: string): void;
  /**
   * Replaces the folder at the path; the old one becomes `retired`, where that is given. Killed at any moment, it leaves the old one in its
   * place or as `retired`, or the new one; each folder is there with all its files, or not at all.
   * @throws InputError when it cannot be written; the old one then stays.
   */
  commit(retired?: string): void;
}

/** A file of a folder that is being staged, in this process or in another one. */
export const stagedFile = (path: string, name: string) => join(temporaryPath(path), name);

/** Writes a file of a folder that another process has staged. @throws InputError when it cannot be written. */
export function writeStagedFile(path: string, name: string, bytes: Uint8Array): void {
  withWriteErrors(path, () => writeSynced(stagedFile(path, name), bytes));
}

/** Begins a folder, to be disposed of, committed or not. @throws InputError when it cannot be made. */
export function stageFolder(path: string): StagedFolder {
  const staged = temporaryPath(path);
  withWriteErrors(path, () => {
    removeFolder(staged);
    mkdirSync(staged, { recursive: true });
  });
  return {
    write: (name, bytes) => writeStagedFile(path, name, bytes),
    remove: (name) => rmSync(join(staged, name)),
    commit(retired) {
      const old = retired ?? `${path}.old`;
      withWriteErrors(path, () => {
        syncFolder(staged);
        if (existsSync(path)) replaceFolder(path, old);
        renameSync(staged, path);
        syncFolder(dirname(path));
        removeFolder(temporaryPath(old));
        if (retired === undefined) removeFolder(old);
      });
    },
    [Symbol.dispose]: () => removeFolder(staged),
  };
}

/** Stages a folder with these files, and commits it. @throws InputError when it cannot be written; the old one then stays. */
export function writeFolderAtomic(path: string, files: ReadonlyMap<string, Uint8Array>, retired?: string): void {
  using folder = stageFolder(path);
  for (const [name, bytes] of files) folder.write(name, bytes);
  folder.commit(retired);
}

const removeFolder = (path: string) => rmSync(path, { recursive: true, force: true });

/** Renames a folder to `place`; what was there is renamed before it is deleted, so that no half of it is ever there. */
function replaceFolder(path: string, place: string): void {
  removeFolder(temporaryPath(place));
  if (existsSync(place)) renameSync(place, temporaryPath(place));
  renameSync(path, place);
}
