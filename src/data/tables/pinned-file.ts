// Samples whose labels a person has confirmed, in a file.
import { InputError } from "../../errors.js";
import { type ColumnOptions, findSampleColumns } from "./columns.js";
import {
  type Assignment,
  checkRange,
  distinct,
  isArrayFile,
  type LabeledSamples,
  numberLabels,
  theOnly,
  wholeNumber,
} from "./label-file.js";
import { fileMatcher } from "./match-files.js";
import { readNpy } from "./npy.js";
import { readTable, type Table, withoutHeader } from "./table.js";

/** A confirmed sample: its position, and its class number; -1 where the label that it has is confirmed. */
export type PinnedLabel = Assignment;

/**
 * The samples that a file confirms, ascending. The file is one of
 * - `.npy`: integers (m), the samples' indices, or (m, 2): index, class number;
 * - a table with a column that names each sample, by its file or its `index`, and perhaps one of labels, as `readLabels` takes it;
 *   without a header, a column of indices alone. A header without rows confirms none.
 *
 * Throws `InputError` naming the row whose sample or label is unknown or that names a sample again.
 */
export async function readPinned(
  path: string,
  samples: LabeledSamples,
  classes: readonly string[],
  columns: ColumnOptions = {},
): Promise<readonly PinnedLabel[]> {
  const rows = isArrayFile(path)
    ? await fromArray(path)
    : numberLabels(await fromTable(path, samples, columns), classes, true).rows;
  for (const { label, where } of rows) if (label !== -1) checkRange(where, "label", label, classes.length);
  return distinct(rows, samples.labels.length).toSorted((a, b) => a.index - b.index);
}

async function fromArray(path: string): Promise<PinnedLabel[]> {
  const { data, shape } = await readNpy(path);
  const columns = shape.length === 1 ? 1 : (shape[1] ?? 0);
  const isWhole = !(data instanceof Float32Array || data instanceof Float64Array);
  if (!isWhole || shape.length > 2 || columns < 1 || columns > 2) {
    const received = isWhole ? `shape (${shape.join(", ")})` : "floats";
    throw new InputError(`${path}: ${received}; expected integers (m), indices, or (m, 2): index, label`);
  }
  return Array.from({ length: shape[0]! }, (_, row) => ({
    index: Number(data[columns * row]),
    label: columns === 1 ? -1 : Number(data[columns * row + 1]),
    where: `${path}, row ${row}`,
  }));
}

async function fromTable(path: string, { files = [], otherFiles = [] }: LabeledSamples, options: ColumnOptions) {
  const table = plainList(await readTable(path, { canBeEmpty: true }));
  const match = fileMatcher([...files, ...otherFiles]);
  const namesFiles = (column: string) =>
    files.length > 0 && table.rows.every(({ values }) => match(String(values[column])).length === 1);
  const { file, index, label } = findSampleColumns(table, options, namesFiles);
  const byFile = file !== null && files.length > 0;
  if (!byFile && index === null) {
    const names = table.columns.map((name) => `"${name}"`).join(", ");
    throw new InputError(
      `${path}: no column names the samples (${names}); expected ${files.length > 0 ? "file or " : ""}index`,
    );
  }
  return table.rows.flatMap((row): Assignment<string>[] => {
    const { values, where } = row;
    const found = byFile
      ? theOnly(row, file, match).filter((sample) => sample < files.length)
      : [wholeNumber(String(values[index!]), `${where}: index`)];
    return found.map((sample) => ({ index: sample, label: label === null ? "" : String(values[label] ?? ""), where }));
  });
}

/** A column of numbers without a header as a table of indices. */
function plainList(table: Table): Table {
  if (table.columns.length !== 1 || !/^\d+$/.test(table.columns[0]!)) return table;
  const { rows, ...list } = withoutHeader(table);
  return {
    ...list,
    columns: ["index"],
    rows: rows.map(({ values, where }) => ({ values: { index: values["1"] }, where })),
  };
}
