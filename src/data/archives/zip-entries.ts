// The files in a zip archive, by its directory; their contents are not read.
import { stat } from "node:fs/promises";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { InputError } from "../../errors.js";
import { requireBounded } from "./free-space.js";

const fileTypeBits = 0o170000;
const regularFile = 0o100000;
const madeByUnix = 3;

export interface OpenZip {
  /** To be closed by the caller. */
  readonly zip: ZipFile;
  /** Its files; folders and links are left out. */
  readonly entries: readonly Entry[];
}

/**
 * Opens a zip archive.
 *
 * Throws `InputError` for one that is damaged, encrypted or compressed in another way than by deflate, with a path outside of
 * it, or that would grow as no archive of images does.
 */
export async function openZip(archive: string): Promise<OpenZip> {
  const zip = await orRefuse(archive, openPromise(archive, { autoClose: false }));
  try {
    const entries = (await orRefuse(archive, allEntries(zip))).filter(isFile);
    refuseUnreadable(archive, entries);
    requireBounded(archive, (await stat(archive)).size, sizeOf(entries));
    return { zip, entries };
  } catch (error) {
    zip.close();
    throw error;
  }
}

/** Bytes of all files, extracted. */
export const sizeOf = (entries: readonly Entry[]): number =>
  entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);

async function allEntries(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) entries.push(entry);
  return entries;
}

/** Neither a folder nor a symbolic link. */
function isFile({ fileName, versionMadeBy, externalFileAttributes }: Entry): boolean {
  const type = versionMadeBy >> 8 === madeByUnix ? (externalFileAttributes >>> 16) & fileTypeBits : 0;
  return !fileName.endsWith("/") && (type === 0 || type === regularFile);
}

function refuseUnreadable(archive: string, entries: readonly Entry[]): void {
  const encrypted = entries.find((entry) => entry.isEncrypted());
  if (encrypted !== undefined) {
    throw new InputError(`"${archive}" is encrypted (${encrypted.fileName}); expected an archive without a password`);
  }
  const other = entries.find((entry) => !entry.canDecodeFileData());
  if (other === undefined) return;
  throw new InputError(
    `"${archive}": ${other.fileName} is compressed by method ${other.compressionMethod}; expected deflate (8), or the extracted folder`,
  );
}

/** The system's errors are passed on, those of the archive's contents named. */
export function orRefuse<Value>(archive: string, value: Promise<Value>): Promise<Value> {
  return value.catch((error: NodeJS.ErrnoException) => {
    if (error.syscall !== undefined) throw error;
    throw new InputError(`"${archive}" is truncated or damaged: ${error.message}`);
  });
}
