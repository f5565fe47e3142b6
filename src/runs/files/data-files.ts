// `data-files.csv.gz` of a run folder: the files of its data, by which a later reading says what is missing.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { writeFileAtomic } from "../../atomic-files.js";
import { csvText } from "../../csv-text.js";
import type { RecordedFile } from "../../data/index.js";
import { InputError } from "../../errors.js";

export const dataFilesName = "data-files.csv.gz";

/** Writes the list, for data in files. */
export function writeDataFiles(run: string, files: readonly RecordedFile[] | null): void {
  if (files === null) return;
  const rows = files.map(({ file, part, label }) => [file, part, label]);
  writeFileAtomic(join(run, dataFilesName), gzipSync(csvText(["file", "part", "label"], rows)));
}

/** The list; null for runs that have none. @throws InputError where it is damaged. */
export function readDataFiles(run: string): readonly RecordedFile[] | null {
  const path = join(run, dataFilesName);
  if (!existsSync(path)) return null;
  try {
    return parse(gunzipSync(readFileSync(path)), { columns: true }) as RecordedFile[];
  } catch (error) {
    throw new InputError(`${path} is damaged: ${(error as Error).message}`);
  }
}
