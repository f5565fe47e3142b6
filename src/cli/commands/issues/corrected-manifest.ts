// The training data of a run with its suspect labels corrected, as `train` reads it.
import { dirname, extname, isAbsolute, join, relative, resolve } from "node:path";
import { csvText, folderOf, imageExists, isMissing, type Samples } from "../../../data/index.js";
import { InputError } from "../../../errors.js";
import { option } from "../../../options/index.js";

type Labeled = Pick<Samples, "labels" | "files">;

export interface ManifestData {
  /** The folder or manifest that file names are relative to; null for labels alone. */
  readonly path: string | null;
  readonly classes: readonly string[];
  /** With the given labels. */
  readonly train: Labeled;
  /** The samples of `train` in the validation part of the data itself. */
  readonly validation?: Int32Array | undefined;
  readonly test: Labeled | null;
  /** Leave out files that are missing. */
  readonly skipMissing?: boolean;
}

export interface CorrectedManifest {
  /** The manifest; its paths are relative to its folder. */
  readonly file: string;
  readonly action: "drop" | "relabel";
  /** The new label of each training sample to correct, null to leave it out. */
  readonly changes: ReadonlyMap<number, string | null>;
  readonly data: ManifestData;
}

/**
 * The text of a manifest of (file, label, split) with the test set, for data in files; for other data, of an `index,label`
 * list for `--labels`, which cannot leave out samples.
 * @throws InputError when samples without files would be left out, when a class would lose all its samples, and when `train`
 * would read other classes from the manifest.
 */
export function correctedManifest({ file, action, changes, data }: CorrectedManifest): string {
  const { train, classes } = data;
  const given = Array.from(train.labels, (label) => classes[label] as string);
  const labels = given.map((label, i) => (changes.has(i) ? (changes.get(i) as string | null) : label));
  requireEveryClass(new Set(given), new Set(labels), action);
  if (train.files !== undefined && data.path !== null) return fileList(file, labels, data, data.path);
  if (action === "drop") {
    throw new InputError(
      `${option("drop")}: this data is not in files, and a list of labels cannot leave out samples; use ${option("relabel")}`,
    );
  }
  if (extname(file) !== ".csv") {
    throw new InputError(
      `${option("outManifest")}: received "${file}"; expected .csv, which ${option("labels")} reads: this data is not in files`,
    );
  }
  return csvText(
    ["index", "label"],
    labels.map((label, i) => [i, label]),
  );
}

function requireEveryClass(before: ReadonlySet<string>, after: ReadonlySet<string | null>, action: string): void {
  const lost = [...before].find((name) => !after.has(name));
  if (lost === undefined) return;
  throw new InputError(`${option(action)}: no sample of class "${lost}" would be left; expected a higher P(wrong)`);
}

interface Row {
  readonly file: string;
  readonly label: string;
  readonly split: "train" | "validation" | "test";
}

function fileList(
  out: string,
  labels: readonly (string | null)[],
  { classes, train, validation, test, skipMissing = false }: ManifestData,
  path: string,
): string {
  const root = folderOf(path) ?? path;
  const from = dirname(resolve(out));
  const relativePath = (file: string) => (isAbsolute(file) ? file : relative(from, resolve(join(root, file))));
  const held = new Set(validation);
  const kept = labels.flatMap((label, i): Row[] => {
    const split = held.has(i) ? "validation" : "train";
    const isMissing = skipMissing && !imageExists(join(root, train.files?.[i] as string));
    return label === null || isMissing ? [] : [{ file: relativePath(train.files?.[i] as string), label, split }];
  });
  const tested = (test?.files ?? []).map(
    (file, i): Row => ({
      file: relativePath(file),
      label: classes[test?.labels[i] as number] as string,
      split: "test",
    }),
  );
  requireReadable(kept, tested);
  const rows = [...kept, ...tested];
  if (extname(out) === ".jsonl") return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  return csvText(
    ["file", "label", "split"],
    rows.map(({ file, label, split }) => [file, label, split]),
  );
}

/** As `train` reads a manifest: labels are names, and every class of the test set needs training samples. */
function requireReadable(train: readonly Row[], test: readonly Row[]): void {
  const names = new Set(train.map(({ label }) => label));
  const unreadable = [...names].find(isMissing);
  if (unreadable !== undefined) {
    throw new InputError(
      `${option("outManifest")}: train would read the class "${unreadable}" as a missing label; expected another name`,
    );
  }
  const unknown = test.find(({ label }) => !names.has(label));
  if (unknown === undefined) return;
  throw new InputError(
    `${option("outManifest")}: no training sample has the class "${unknown.label}" of ${unknown.file} in the test set; expected samples of every class, as without ${option("limitTrain")}`,
  );
}
