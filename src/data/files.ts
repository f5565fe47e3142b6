// Files and folders on disk, with system errors as one clear line.
import { type Dirent, statSync } from "node:fs";
import { access, constants, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InputError } from "../errors.js";
import { mountedAt } from "./archives/mounted.js";
import { folderOfBraces, hasBraces } from "./braces.js";
import { indexed, type Listing } from "./folder-index.js";

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  ENOTDIR: "there is no such file or folder",
  ELOOP: "its links form a cycle",
  EACCES: "no permission to read it",
  EPERM: "no permission to read it",
  EISDIR: "it is a folder; expected a file",
};

/** The bytes of a file. Throws `InputError` naming a file that cannot be read. */
export async function readBytes(path: string): Promise<Buffer> {
  const mounted = mountedAt(path);
  const bytes = mounted === null ? readFile(path) : mounted.archive.read(mounted.inside).then(Buffer.from);
  return bytes.catch(refuse(path));
}

/** An entry of a folder; links are resolved. */
export interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly isLink?: true;
}

/** Folders created by operating systems, in lower case: thumbnails, snapshots, trash, archive metadata. */
const systemFolders = new Set([
  "__macosx",
  "@eadir",
  "@tmp",
  "@__thumb",
  "@recycle",
  "@recently-snapshot",
  "#recycle",
  "#snapshot",
  "$recycle.bin",
  "recycler",
  "system volume information",
  "lost+found",
  "__pycache__",
]);

/** Whether a folder was created by the operating system. */
export const isSystemFolder = ({ name, isFolder }: Entry) => isFolder && systemFolders.has(name.toLowerCase());

/** What a folder holds, hidden entries and system folders left out, sorted by name. Throws `InputError` where it cannot be read. */
export async function listFolder(path: string): Promise<Entry[]> {
  return (await listEverything(path)).filter((entry) => !isSystemFolder(entry));
}

/** As `listFolder`, system folders included. */
export async function listEverything(path: string): Promise<Entry[]> {
  const mounted = mountedAt(path);
  if (mounted !== null) return (mounted.archive.folders.get(mounted.inside) ?? missing(path)).map(entryOf);
  return (await indexed(path, () => readNames(path))).map(entryOf);
}

const missing = (path: string): never => refuse(path)(Object.assign(new Error(), { code: "ENOENT" }));

function entryOf(listed: string): Entry {
  const isLink = listed.startsWith("/");
  const isFolder = listed.endsWith("/");
  const name = listed.slice(isLink ? 1 : 0, isFolder ? -1 : undefined);
  return { name, isFolder, ...(isLink && { isLink }) };
}

async function readNames(path: string): Promise<Listing> {
  const entries = await readdir(path, { withFileTypes: true }).catch(refuse(path));
  // Pipes and sockets are not files: opening one waits for another program.
  const isReadable = (entry: Dirent) => entry.isFile() || entry.isDirectory() || entry.isSymbolicLink();
  const visible = entries.filter((entry) => isReadable(entry) && !entry.name.startsWith("."));
  const names: string[] = [];
  for (const entry of visible.sort((a, b) => compare(a.name, b.name))) {
    const isLink = entry.isSymbolicLink();
    const isFolder = isLink ? await leadsToFolder(join(path, entry.name)) : entry.isDirectory();
    names.push(`${isLink ? "/" : ""}${entry.name}${isFolder ? "/" : ""}`);
  }
  return { names, lasting: !visible.some((entry) => entry.isSymbolicLink()) };
}

const leadsToFolder = (link: string) =>
  kindOf(link).then(
    (kind) => kind === "folder",
    () => false,
  );

/** The names of the files in a folder, none where `path` is no folder that can be read. */
export async function fileNames(path: string): Promise<string[]> {
  const entries = await listFolder(path).catch(() => []);
  return entries.filter(({ isFolder }) => !isFolder).map(({ name }) => name);
}

/** Why a file cannot be read; null where it can. */
export async function whyUnreadable(path: string): Promise<string | null> {
  if (mountedAt(path) !== null) return (await kindOf(path)) === "missing" ? (reasons.ENOENT ?? null) : null;
  try {
    await access(path, constants.R_OK);
    return null;
  } catch (error) {
    return reasonOf(error as Error, path);
  }
}

/** Whether `path` is a folder, a file, or neither ("missing"). Throws `InputError` without permission. */
export async function kindOf(path: string): Promise<"folder" | "file" | "missing"> {
  const mounted = mountedAt(path);
  if (mounted !== null) {
    const { archive, inside } = mounted;
    return archive.files.has(inside) ? "file" : archive.folders.has(inside) ? "folder" : "missing";
  }
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? "missing" : refuse(path)(error);
  }
}

/** Orders strings by code units, independent of the locale. */
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
    throw new InputError(`cannot read "${path}": ${reasonOf(error as Error, path)}`);
  };
}

/** Why a path cannot be read, in a few words. */
export function reasonOf({ code = "", message }: NodeJS.ErrnoException, path: string): string {
  if (code === "ENOENT" && path.includes("\ufffd")) return "its name is not UTF-8";
  return reasons[code] ?? message;
}

/** The folder itself, or that of a manifest or of shards; undefined for data that is not on disk. */
export function folderOf(path: string): string | undefined {
  if (hasBraces(path)) return folderOfBraces(path);
  const mounted = mountedAt(path);
  if (mounted !== null) return mounted.archive.folders.has(mounted.inside) ? path : dirname(path);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  return found.isDirectory() ? path : dirname(path);
}
