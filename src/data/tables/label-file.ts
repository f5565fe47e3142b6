// Labels in a file of their own: who reviewed a data set, or who corrupted it, hands its labels over this way.
import { InputError } from "../../errors.js";
import { option } from "../../options/index.js";
import { listed } from "../listed.js";
import { type ColumnOptions, findColumns } from "./columns.js";
import { fileMatcher } from "./match-files.js";
import { type NpyArray, readNpy } from "./npy.js";
import { type Row, readTable, type Table } from "./table.js";

/** The samples that a file labels. */
export interface LabeledSamples {
  readonly labels: Int32Array;
  /** The file of each sample, for sets of files. */
  readonly files?: readonly string[] | undefined;
  /** Files of the data set that are not among the samples: rows for them are passed over. */
  readonly otherFiles?: readonly string[] | undefined;
}

/** The labels that a file gives, and notes on how it was read. */
export interface LabelsRead {
  /** Class numbers; -1 for samples to leave out, where that is allowed. */
  readonly labels: Int32Array;
  readonly notes: readonly string[];
}

export interface LabelReading extends ColumnOptions {
  /** Whether an empty label of a table, or -1 of an array, leaves a sample out. */
  readonly canLeaveOut?: boolean;
}

/** One row of a file, with the sample that it is for. */
export interface Assignment<Label = number> {
  readonly index: number;
  readonly label: Label;
  readonly where: string;
}

/**
 * The labels that a file gives in place of those of the samples. The file is one of
 * - `.npy`: n integers, or (m, 2) integers (index, class number) which change only those;
 * - a table (see `readTable`) with a column of labels and one that names each sample, by its file or its `index`, in any
 *   order, which changes only those; or with labels alone, n rows in the samples' order.
 * Labels of a table, or n integers, are class names; numbers are class numbers where no class has a number for its name.
 *
 * Throws `InputError` naming the row whose sample or label is unknown or that names a sample again, and for a table of n rows
 * with further columns, which may say that its rows are in another order.
 */
export async function readLabels(
  path: string,
  samples: LabeledSamples,
  classes: readonly string[],
  { canLeaveOut = false, ...columns }: LabelReading = {},
): Promise<LabelsRead> {
  const { rows, notes } = isArrayFile(path)
    ? { rows: fromArray(path, await readNpy(path), samples.labels.length, classes), notes: [] }
    : await numberedRows(path, samples, classes, { canLeaveOut, ...columns });
  const labels = samples.labels.slice();
  for (const { index, label, where } of distinct(rows, labels.length)) {
    if (label !== -1 || !canLeaveOut) checkRange(where, "label", label, classes.length);
    labels[index] = label;
  }
  return { labels, notes: [...notes, ...unchangedNote(path, rows.length, labels.length)] };
}

/** Whether labels are in a `.npy` array; in a table otherwise. */
export const isArrayFile = (path: string) => path.toLowerCase().endsWith(".npy");

function unchangedNote(path: string, given: number, samples: number): string[] {
  const kept = samples - given;
  return kept > 0 ? [`${path}: labels for ${given} of ${samples} samples; the other ${kept} keep theirs`] : [];
}

/** The rows, as they are. Throws `InputError` for an index out of range, and for one given twice. */
export function distinct<Label>(rows: readonly Assignment<Label>[], samples: number): readonly Assignment<Label>[] {
  const seen = new Map<number, string>();
  for (const { index, where } of rows) {
    checkRange(where, "index", index, samples);
    const earlier = seen.get(index);
    if (earlier !== undefined) throw new InputError(`${where}: index ${index} was given before, in ${earlier}`);
    seen.set(index, where);
  }
  return rows;
}

function fromArray(path: string, { data, shape }: NpyArray, n: number, classes: readonly string[]): Assignment[] {
  if (data instanceof Float32Array || data instanceof Float64Array) {
    throw new InputError(`${path}: labels are floats; expected integers`);
  }
  const row = (i: number) => `${path}, row ${i}`;
  if (shape.length === 2 && shape[1] === 2) {
    const pair = (i: number) => ({ index: Number(data[2 * i]), label: Number(data[2 * i + 1]), where: row(i) });
    return Array.from({ length: shape[0]! }, (_, i) => pair(i));
  }
  if (data.length !== shape[0] || data.length !== n) {
    throw new InputError(`${path}: shape (${shape.join(", ")}); expected ${n} labels, or (m, 2): index, label`);
  }
  const classNumber = classNumbers(classes);
  return Array.from({ length: n }, (_, i) => ({
    index: i,
    label: classNumber(String(data[i]), row(i)),
    where: row(i),
  }));
}

async function numberedRows(
  path: string,
  samples: LabeledSamples,
  classes: readonly string[],
  { canLeaveOut = false, ...columns }: LabelReading,
) {
  const { rows, notes } = await assignedRows(path, samples, columns);
  const { rows: numbered, byNumber } = numberLabels(rows, classes, canLeaveOut);
  const order = byNumber ? [`${path}: labels are class numbers, in the order ${listed(classes, 6)}`] : [];
  return { rows: numbered, notes: [...notes, ...order] };
}

/**
 * The rows with class numbers: a label is a class name, or a number in every row; -1 for an empty one, where that is allowed.
 *
 * Throws `InputError` naming the row whose label is no class.
 */
export function numberLabels(rows: readonly Assignment<string>[], classes: readonly string[], canBeEmpty: boolean) {
  const classNumber = classNumbers(classes);
  const isEmpty = (label: string) => canBeEmpty && label.trim() === "";
  const areNumbers = rows.every(({ label }) => isEmpty(label) || /^\d+$/.test(label));
  const numbered = rows.map(({ index, label, where }): Assignment => {
    if (isEmpty(label)) return { index, label: -1, where };
    if (!areNumbers) requireName(label, where, classes);
    return { index, label: classNumber(label, where), where };
  });
  const named = rows.find(({ label }) => !isEmpty(label));
  return { rows: numbered, byNumber: areNumbers && named !== undefined && !classes.includes(named.label) };
}

/**
 * The label of each row of a table with the sample that it is for, each sample once.
 *
 * Throws `InputError` as `readLabels` does, but for labels, which are not looked at.
 */
export async function assignedRows(
  path: string,
  samples: LabeledSamples,
  options: ColumnOptions,
): Promise<{ rows: readonly Assignment<string>[]; notes: readonly string[] }> {
  const table = await readTable(path, { keepsEmpty: true });
  const match = fileMatcher([...(samples.files ?? []), ...(samples.otherFiles ?? [])]);
  const namesFiles = (column: string) =>
    samples.files !== undefined && table.rows.every(({ values }) => match(String(values[column])).length === 1);
  const columns = findColumns(table, options, namesFiles);
  const indices = indicesOf(table, columns, samples, match);
  const rows = table.rows.flatMap(({ values, where }, i) =>
    indices[i]!.map((index) => ({ index, label: String(values[columns.label] ?? ""), where })),
  );
  if (rows.length === 0)
    throw new InputError(`${path}: none of its ${table.rows.length} rows is for a training sample`);
  return { rows: distinct(rows, samples.labels.length), notes: [...table.notes, ...columns.notes] };
}

/** The samples of each row: of a file that is listed several times several, and none of other files of the data set. */
function indicesOf(
  table: Table,
  { file, index, label }: ReturnType<typeof findColumns>,
  { labels, files }: LabeledSamples,
  match: ReturnType<typeof fileMatcher>,
): (readonly number[])[] {
  const { path, columns, rows } = table;
  if (file !== null && files !== undefined) {
    return rows.map((row) => theOnly(row, file, match).filter((sample) => sample < files.length));
  }
  if (index !== null) return rows.map(({ values, where }) => [wholeNumber(String(values[index]), `${where}: index`)]);
  if (file !== null) {
    const column = `column "${file}" names the samples, but this data is not a set of files`;
    throw new InputError(`${path}: ${column}; expected a column index, or the column "${label}" alone, a row a sample`);
  }
  if (columns.length > 1) {
    const others = columns.filter((name) => name !== label).map((name) => `"${name}"`);
    const expected = `expected file or index, or the column "${label}" alone; ${option("fileColumn")} names another`;
    throw new InputError(`${path}: no column says which sample a row is for (${others.join(", ")}); ${expected}`);
  }
  if (rows.length !== labels.length) {
    throw new InputError(`${path}: ${rows.length} labels; expected ${labels.length}, one a sample`);
  }
  return rows.map((_, i) => [i]);
}

/** The samples of the only file that a row's name fits. @throws InputError where it fits none or several. */
export function theOnly(
  { values, where }: Row,
  column: string,
  match: ReturnType<typeof fileMatcher>,
): readonly number[] {
  const name = String(values[column] ?? "");
  const found = match(name);
  if (found.length === 1) return found[0]!;
  const reason = found.length === 0 ? "is not in the data set" : `fits ${found.length} files of the data set`;
  throw new InputError(`${where}: ${column} "${name}" ${reason}; expected the path of one of its files`);
}

const keyOf = (name: string) => name.trim().normalize("NFC");

function requireName(label: string, where: string, classes: readonly string[]): void {
  if (classes.some((name) => keyOf(name) === keyOf(label))) return;
  throw new InputError(
    `${where}: label "${label}" is no class; expected one of ${listed(classes)}, or numbers in every row`,
  );
}

/** Reads a label as a class name first, and as a class number where no class has a number for its name. */
export function classNumbers(classes: readonly string[]): (text: string, where: string) => number {
  const byName = new Map(classes.map((name, i) => [keyOf(name), i]));
  const numericNames = classes.some((name) => /^\d+$/.test(name));
  return (text, where) => {
    const named = byName.get(keyOf(text));
    if (named !== undefined) return named;
    if (/^-?\d+$/.test(text) && !numericNames) return Number(text);
    const expected = `expected one of ${listed(classes)}${numericNames ? "" : `, or 0 to ${classes.length - 1}`}`;
    throw new InputError(`${where}: label "${text}" is no class; ${expected}`);
  };
}

export function wholeNumber(text: string, what: string): number {
  if (!/^-?\d+$/.test(text)) throw new InputError(`${what} "${text}" is no whole number`);
  return Number(text);
}

/** Throws `InputError` unless 0 <= value < limit. */
export function checkRange(where: string, what: string, value: number, limit: number): void {
  if (value >= 0 && value < limit) return;
  throw new InputError(`${where}: ${what} ${value} is out of range; expected 0 to ${limit - 1}`);
}
