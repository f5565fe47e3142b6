// Extracts zip archives.
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Entry, ZipFile } from "yauzl";
import { forEachBounded } from "../files.js";
import type { Extracted } from "./extracted.js";
import { requireSpace } from "./free-space.js";
import { openZip, orRefuse, sizeOf } from "./zip-entries.js";

/** Small files wait for the disk longer than they are read. */
const writtenAtOnce = 16;

/**
 * Extracts the files of a zip archive into a folder; links are left out.
 *
 * Throws `InputError` as `openZip`, and for one that is larger than the free space.
 */
export async function extractZip(archive: string, folder: string): Promise<Extracted> {
  const { zip, entries } = await openZip(archive);
  try {
    await requireSpace(archive, folder, sizeOf(entries));
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

async function write(zip: ZipFile, entry: Entry, place: string): Promise<void> {
  await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(place));
}
