// The labels of a data set and the files that they are for, as manifests and exports need them.
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { folderOf, type Samples } from "../data/index.js";

export interface LabeledData {
  /** The folder or manifest that file names are relative to; null for labels alone. */
  readonly path: string | null;
  readonly classes: readonly string[];
  /** With the given labels. */
  readonly train: Pick<Samples, "labels" | "files">;
  /** The training samples' positions in the data, where these are a part of all (default: all). */
  readonly positions?: Int32Array | undefined;
  /** The samples of `train` in the validation part of the data itself. */
  readonly validation?: Int32Array | undefined;
  /** The samples of `train` that the labels leave out: theirs are the data's own, and they stay left out without a verdict. */
  readonly leftOut?: ReadonlySet<number> | undefined;
  /** The samples of `train` whose labels were confirmed before the review: they stay so without a verdict. */
  readonly pinned?: ReadonlySet<number> | undefined;
  readonly test: Pick<Samples, "labels" | "files"> | null;
  /** Leave out files that are missing. */
  readonly skipMissing?: boolean;
}

/** Maps a file of the data to its path relative to the folder of the table `out`. */
export function pathsFrom(out: string, path: string): (file: string) => string {
  const root = folderOf(path) ?? path;
  const from = dirname(resolve(out));
  return (file) => (isAbsolute(file) ? file : relative(from, resolve(join(root, file))));
}
