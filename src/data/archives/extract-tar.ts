// Tar archives, gzipped or not.
import { open } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { extract } from "tar";
import { InputError } from "../../errors.js";
import type { Extracted } from "./extracted.js";

const blockBytes = 512;
const kindsOfFile = ["File", "OldFile", "ContiguousFile"];

/**
 * Extracts the files of a tar archive into a folder; links and devices are left out.
 *
 * Throws `InputError` for one that is damaged, or with a path outside of it.
 */
export async function extractTar(archive: string, folder: string): Promise<Extracted> {
  if (!(await hasEnd(archive))) throw new InputError(`"${archive}" is truncated or damaged: it has no end`);
  const files: string[] = [];
  let outside: string | null = null;
  const filter = (path: string, entry: object) => {
    if (isAbsolute(path) || path.split(/[/\\]/).includes("..")) outside = path;
    const isFile = "type" in entry && kindsOfFile.includes(entry.type as string);
    if (isFile && outside === null) files.push(path);
    return isFile && outside === null;
  };
  const failed = await extract({ file: archive, cwd: folder, strict: true, filter }).then(
    () => null,
    (error: NodeJS.ErrnoException) => error,
  );
  if (outside !== null)
    throw new InputError(`"${archive}" holds "${outside}", a path outside of it; nothing of it is used`);
  if (failed === null) return { files };
  if (failed.code?.startsWith("E") && "syscall" in failed) throw failed;
  throw new InputError(`"${archive}" is truncated or damaged: ${failed.message}`);
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
