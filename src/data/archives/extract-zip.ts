// Zip archives.
import { createWriteStream } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { InputError } from "../../errors.js";
import { forEachBounded } from "../files.js";
import type { Extracted } from "./extracted.js";
import { requireBounded, requireSpace } from "./free-space.js";

/** Small files wait for the disk longer than they are read. */
const writtenAtOnce = 16;
const fileTypeBits = 0o170000;
const regularFile = 0o100000;
const madeByUnix = 3;

/**
 * Extracts the files of a zip archive into a folder; links are left out.
 *
 * Throws `InputError` for one that is damaged, encrypted or compressed in another way than by deflate, with a path outside of
 * it, or larger than the free space.
 */
export async function extractZip(archive: string, folder: string): Promise<Extracted> {
  const zip = await orRefuse(archive, openPromise(archive, { autoClose: false }));
  try {
    const entries = (await orRefuse(archive, allEntries(zip))).filter(isFile);
    refuseUnreadable(archive, entries);
    const bytes = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
    requireBounded(archive, (await stat(archive)).size, bytes);
    await requireSpace(archive, folder, bytes);
    for (const inside of new Set(entries.map(({ fileName }) => dirname(fileName)))) {
      await mkdir(join(folder, inside), { recursive: true });
    }
    await forEachBounded(entries.length, writtenAtOnce, async (i) => {
      const entry = entries[i] as Entry;
      await orRefuse(archive, write(zip, entry, join(folder, entry.fileName)));
    });
    return { files: entries.map(({ fileName }) => fileName) };
  } finally {
    zip.close();
  }
}

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

async function write(zip: ZipFile, entry: Entry, place: string): Promise<void> {
  await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(place));
}

/** The system's errors are passed on, those of the archive's contents named. */
function orRefuse<Value>(archive: string, value: Promise<Value>): Promise<Value> {
  return value.catch((error: NodeJS.ErrnoException) => {
    if (error.syscall !== undefined) throw error;
    throw new InputError(`"${archive}" is truncated or damaged: ${error.message}`);
  });
}
