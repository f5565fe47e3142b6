// Corrected data as `train` reads it.

import { extname, join } from "node:path";
import { csvText } from "../csv-text.js";
import { folderOf, imageExists, isMissing } from "../data/index.js";
import { InputError } from "../errors.js";
import { option } from "../options/index.js";
import { type LabeledData, pathsFrom } from "./labeled-data.js";

export interface CorrectedLabels {
  /** The manifest; its paths are relative to its folder. */
  readonly file: string;
  /** The class of each training sample; null for those to leave out. */
  readonly train: readonly (string | null)[];
  /** The class of each test sample (default: the given ones). */
  readonly test?: readonly (string | null)[];
}

/** Whether a manifest of the data lists its files, those of the test part included; else it is a list for `--labels`. */
export const listsFiles = ({ train, path }: LabeledData): boolean => train.files !== undefined && path !== null;

interface Row {
  readonly file: string;
  readonly label: string;
  readonly split: "train" | "validation" | "test";
}

/**
 * The text of a manifest of (file, label, split) with the test set, for data in files, as CSV or JSON lines; for other data, of
 * an `index,label` list for `--labels`, in which a sample without a label is left out.
 * @throws InputError when `train` would read other classes from the manifest.
 */
export function manifestText({ file, train: labels, test }: CorrectedLabels, data: LabeledData): string {
  const { train, path } = data;
  if (train.files !== undefined && path !== null) {
    const rows = fileRows({ file, train: labels, ...(test && { test }) }, data, path);
    return extname(file) === ".jsonl" ? rows.map((row) => `${JSON.stringify(row)}\n`).join("") : rowsCsv(rows);
  }
  if (extname(file) !== ".csv") {
    throw new InputError(
      `${file}: expected a name that ends in .csv, which ${option("labels")} reads, as this data is not in files`,
    );
  }
  return csvText(
    ["index", "label"],
    labels.map((label, i) => [data.positions?.[i] ?? i, label]),
  );
}

const rowsCsv = (rows: readonly Row[]) =>
  csvText(
    ["file", "label", "split"],
    rows.map(({ file, label, split }) => [file, label, split]),
  );

function fileRows({ file: out, train: labels, test: tested }: CorrectedLabels, data: LabeledData, path: string): Row[] {
  const { classes, train, validation, test, skipMissing = false } = data;
  const [root, pathOf, held] = [folderOf(path) ?? path, pathsFrom(out, path), new Set(validation)];
  const kept = labels.flatMap((label, i): Row[] => {
    const file = train.files![i]!;
    if (label === null || (skipMissing && !imageExists(join(root, file)))) return [];
    return [{ file: pathOf(file), label, split: held.has(i) ? "validation" : "train" }];
  });
  const testRows = (test?.files ?? []).flatMap((file, i): Row[] => {
    const label = tested === undefined ? classes[test!.labels[i]!]! : tested[i]!;
    return label === null ? [] : [{ file: pathOf(file), label, split: "test" }];
  });
  requireReadable(out, kept, testRows);
  return [...kept, ...testRows];
}

/** As `train` reads a manifest: labels are names, and every class of the test set needs training samples. */
function requireReadable(out: string, train: readonly Row[], test: readonly Row[]): void {
  const names = new Set(train.map(({ label }) => label));
  const unreadable = [...names].find(isMissing);
  if (unreadable !== undefined) {
    throw new InputError(
      `${out}: train would read the class "${unreadable}" as a missing label; expected another name`,
    );
  }
  const unknown = test.find(({ label }) => !names.has(label));
  if (unknown === undefined) return;
  throw new InputError(
    `${out}: no training sample has the class "${unknown.label}" of ${unknown.file} in the test set; expected samples of every class, as without ${option("limitTrain")}`,
  );
}
