// What a data set holds, in figures: its parts and where they are, and the samples of each class.
import { givenSplit } from "./split/test-part.js";
import type { DataSet, Samples } from "./types.js";

/** One part of a data set. */
export interface PartSummary {
  readonly samples: number;
  /** Samples of each class, in the order of the classes. */
  readonly counts: readonly number[];
  /** Samples without a label. */
  readonly unlabeled: number;
  /** The folder that holds all its files, from the data folder; null for other data, and where that is the data folder. */
  readonly folder: string | null;
}

export interface DataSummary {
  readonly format: string;
  /** The shape of one sample. */
  readonly shape: readonly number[];
  readonly classes: readonly string[];
  readonly training: PartSummary;
  readonly validation: PartSummary | null;
  readonly test: PartSummary | null;
}

/** The samples of each part, which a run may have split itself. */
export interface DataParts {
  readonly format: string;
  readonly classes: readonly string[];
  readonly train: Samples;
  readonly trainIndices: Int32Array;
  readonly validationIndices: Int32Array;
  readonly test: Samples | null;
}

export function summarizeParts({
  format,
  classes,
  train,
  test,
  trainIndices,
  validationIndices,
}: DataParts): DataSummary {
  const part = (samples: Samples, indices: Int32Array) => summarizePart(samples, indices, classes.length);
  return {
    format,
    shape: train.shape,
    classes,
    training: part(train, trainIndices),
    validation: validationIndices.length === 0 ? null : part(train, validationIndices),
    test: test === null ? null : part(test, Int32Array.from(test.labels.keys())),
  };
}

/** The parts of a data set as it was read. */
export function summarizeData(data: DataSet): DataSummary {
  const split = givenSplit(data);
  const trainIndices = split?.train ?? Int32Array.from(data.train.labels.keys());
  return summarizeParts({ ...data, trainIndices, validationIndices: split?.validation ?? new Int32Array() });
}

function summarizePart({ labels, files }: Samples, indices: Int32Array, classes: number): PartSummary {
  const counts = new Array<number>(classes).fill(0);
  for (const i of indices) {
    const label = labels[i] as number;
    if (label >= 0) counts[label] = (counts[label] as number) + 1;
  }
  const labeled = counts.reduce((sum, count) => sum + count, 0);
  const folder = files === undefined ? null : sharedFolder(Array.from(indices, (i) => files[i] as string));
  return { samples: indices.length, counts, unlabeled: indices.length - labeled, folder };
}

/** The deepest folder that all files are in; null where that is none. */
function sharedFolder(files: readonly string[]): string | null {
  const foldersOf = (file: string) => file.split("/").slice(0, -1);
  let shared = foldersOf(files[0] ?? "");
  for (const file of files) {
    const folders = foldersOf(file);
    const differs = shared.findIndex((folder, i) => folder !== folders[i]);
    if (differs >= 0) shared = shared.slice(0, differs);
    if (shared.length === 0) return null;
  }
  return shared.join("/");
}
