// Tar archives, gzipped or not.
import { open, stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { extract } from "tar";
import { InputError } from "../../errors.js";
import type { Extracted } from "./extracted.js";
import { requireBounded } from "./free-space.js";

const blockBytes = 512;
const kindsOfFile = ["File", "OldFile", "ContiguousFile"];

/**
 * Extracts the files of a tar archive into a folder; links and devices are left out.
 *
 * Throws `InputError` for one that is damaged, or with a path outside of it.
 */
export async function extractTar(archive: string, folder: string): Promise<Extracted> {
  if (!(await hasEnd(archive))) throw new InputError(`"${archive}" is truncated or damaged: it has no end`);
  const { size } = await stat(archive);
  const files: string[] = [];
  let bytes = 0;
  let refused: Error | null = null;
  // An error thrown here would end the process.
  const filter = (path: string, entry: object) => {
    if ("size" in entry) bytes += entry.size as number;
    refused ??= refusalOf(archive, path, size, bytes);
    const isFile = "type" in entry && kindsOfFile.includes(entry.type as string);
    if (isFile && refused === null) files.push(path);
    return isFile && refused === null;
  };
  const failed = await extract({ file: archive, cwd: folder, strict: true, filter }).then(
    () => null,
    (error: NodeJS.ErrnoException) => error,
  );
  if (refused !== null) throw refused;
  if (failed === null) return { files };
  if (failed.code?.startsWith("E") && "syscall" in failed) throw failed;
  throw new InputError(`"${archive}" is truncated or damaged: ${failed.message}`);
}

/** Why an archive is refused at this entry, the last of so many bytes; null where it is not. */
function refusalOf(archive: string, path: string, size: number, bytes: number): Error | null {
  if (isAbsolute(path) || path.split(/[/\\]/).includes("..")) {
    return new InputError(`"${archive}" holds "${path}", a path outside of it; nothing of it is used`);
  }
  try {
    requireBounded(archive, size, bytes);
    return null;
  } catch (error) {
    return error as Error;
  }
}

/** Tar archives end with blocks of zeros; a gzipped one says itself where it is cut. */
async function hasEnd(archive: string): Promise<boolean> {
  if (!archive.toLowerCase().endsWith(".tar")) return true;
  const file = await open(archive);
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(blockBytes, 1), 0, blockBytes, Math.max(size - blockBytes, 0));
    return size % blockBytes === 0 && buffer.every((byte) => byte === 0);
  } finally {
    await file.close();
  }
}
