// Looking at the disk, with the system's errors turned into one clear line.
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../errors.js";
import { indexed, type Listing } from "./folder-index.js";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "there is no such file or folder",
  EACCES: "no permission to read it",
  EPERM: "no permission to read it",
  EISDIR: "it is a folder; expected a file",
};

/** The bytes of a file. Throws `InputError` naming a file that cannot be read. */
export function readBytes(path: string): Promise<Buffer> {
  return readFile(path).catch(refuse(path));
}

/** One thing in a folder; a link counts as what it leads to. */
export interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** What a folder holds, hidden entries left out, sorted by name. Throws `InputError` where it cannot be read. */
export async function listFolder(path: string): Promise<Entry[]> {
  const names = await indexed(path, () => readNames(path));
  return names.map((name) =>
    name.endsWith("/") ? { name: name.slice(0, -1), isFolder: true } : { name, isFolder: false },
  );
}

async function readNames(path: string): Promise<Listing> {
  const entries = await readdir(path, { withFileTypes: true }).catch(refuse(path));
  const visible = entries.filter(({ name }) => !name.startsWith(".") && name !== "__MACOSX");
  const names: string[] = [];
  for (const entry of visible.sort((a, b) => compare(a.name, b.name))) {
    const isFolder = entry.isSymbolicLink() ? (await kindOf(join(path, entry.name))) === "folder" : entry.isDirectory();
    names.push(isFolder ? `${entry.name}/` : entry.name);
  }
  return { names, lasting: !visible.some((entry) => entry.isSymbolicLink()) };
}

/** The names of the files in a folder, none where `path` is no folder that can be read. */
export async function fileNames(path: string): Promise<string[]> {
  const entries = await listFolder(path).catch(() => []);
  return entries.filter(({ isFolder }) => !isFolder).map(({ name }) => name);
}

/** Whether `path` is a folder, a file, or neither ("missing"). Throws `InputError` where it may not be looked at. */
export async function kindOf(path: string): Promise<"folder" | "file" | "missing"> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? "missing" : refuse(path)(error);
  }
}

/** Orders strings by their code units, which no machine's language settings change. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Calls `task` for 0 to count - 1, `limit` of them at a time. */
export async function forEachBounded(count: number, limit: number, task: (i: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: Math.min(limit, count) }, worker));
}

function refuse(path: string): (error: unknown) => never {
  return (error) => {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new InputError(`cannot read "${path}": ${reasons[code] ?? message}`);
  };
}
