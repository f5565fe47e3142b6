// The data of a run of which files are missing now, in the order in which the run had it.
import { asRecorded, compareFiles, type DataSet, filesOf, type Samples, samplesAt } from "../data/index.js";
import { listed } from "../data/listed.js";
import { readDataFiles } from "./files/data-files.js";

/** A data set as it was recorded, the samples whose files are missing black. */
export interface Restored {
  readonly data: DataSet;
  readonly missing: ReadonlySet<string>;
  /** One line on what is missing. */
  readonly notes: readonly string[];
}

/** The files that a run had and a data set lacks; none for runs that recorded none. */
export function missingFiles(run: string, data: DataSet): readonly string[] {
  const recorded = readDataFiles(run);
  return recorded === null ? [] : compareFiles(recorded, filesOf(data) ?? []).missing;
}

/** One line on missing files, or none. */
export const missingNotes = (files: readonly string[]) =>
  files.length === 0 ? [] : [`files of the run's data are missing (${files.length}): ${listed(files, 3)}`];

/** The data of a run as it was recorded; null where no file is missing, or none were recorded. */
export function restoreRecorded(run: string, data: DataSet, classes: readonly string[]): Restored | null {
  const recorded = readDataFiles(run);
  const missing = missingFiles(run, data);
  if (recorded === null || missing.length === 0) return null;
  return { data: asRecorded(data, recorded, classes), missing: new Set(missing), notes: missingNotes(missing) };
}

/** The samples whose files are not among those; null where none is left. */
export function withoutFiles(samples: Samples | null, files: ReadonlySet<string>): Samples | null {
  if (samples?.files === undefined) return samples;
  const kept = Int32Array.from(samples.labels.keys()).filter((i) => !files.has(samples.files?.[i] as string));
  return kept.length === 0 ? null : samplesAt(samples, kept);
}
