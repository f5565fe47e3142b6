// Which columns of a table name the sample, its label and its part.
import { didYouMean, InputError } from "../../errors.js";
import { option } from "../../options/index.js";
import type { Table } from "./table.js";

/** Columns that the user names, where their names or contents do not say what they are. */
export interface ColumnOptions {
  readonly fileColumn?: string | undefined;
  readonly labelColumn?: string | undefined;
  readonly splitColumn?: string | undefined;
}

/** The columns chosen, by their names as written; null where the table has none of the kind. */
export interface Columns {
  readonly file: string | null;
  readonly index: string | null;
  readonly label: string;
  readonly split: string | null;
  /** What was chosen, where that is not plain from the names `file`, `label` and `split`. */
  readonly notes: readonly string[];
}

const fileNames = [
  "file",
  "file_name",
  "filename",
  "image",
  "image_path",
  "path",
  "file_path",
  "filepath",
  "image_file",
  "image_name",
  "img",
  "id",
  "image_id",
];
/** The names of columns that hold labels. */
export const labelNames = ["label", "class", "class_name", "category", "target"];
const splitNames = ["split", "part", "subset", "partition", "set"];
const indexNames = ["index"];
/** What pandas writes for the row number. */
const rowNumberNames = ["", "unnamed: 0"];

/**
 * Finds the columns by the options, else by their names (`file`, `image`, `label`, `class`, `split`, ...), a column that is no
 * file, part or index being the label where it is the only one left.
 * @param namesFiles whether a column's cells name files, for tables whose names do not say it
 *
 * Throws `InputError` on a column that the user names and the table lacks, and where no column or several may be the label.
 */
export function findColumns(
  table: Table,
  options: ColumnOptions,
  namesFiles: (column: string) => boolean = () => false,
): Columns {
  const { file, index, split, label: named, notes } = findSampleColumns(table, options, namesFiles);
  const label = named ?? onlyOther(table, [file, index, split]);
  return { file, index, label, split, notes: named === null ? notesOn(table.path, { file, label, split }) : notes };
}

/** As `findColumns`, for tables that need no labels: null where no column is named as one. */
export function findSampleColumns(
  table: Table,
  { fileColumn, labelColumn, splitColumn }: ColumnOptions,
  namesFiles: (column: string) => boolean = () => false,
): Omit<Columns, "label"> & { readonly label: string | null } {
  const { columns } = table;
  const named = (names: readonly string[]) => columnNamed(columns, names);
  const index = named(indexNames);
  const split = required(table, "splitColumn", splitColumn) ?? named(splitNames);
  const file = required(table, "fileColumn", fileColumn) ?? named(fileNames) ?? columns.find(namesFiles) ?? null;
  const label = required(table, "labelColumn", labelColumn) ?? named(labelNames);
  return { file, index, label, split, notes: notesOn(table.path, { file, label, split }) };
}

/** The first of the names that a column has, compared without case; the column as it is written. */
function columnNamed(columns: readonly string[], names: readonly string[]): string | null {
  const lower = columns.map((name) => name.toLowerCase());
  const name = names.find((candidate) => lower.includes(candidate));
  return name === undefined ? null : (columns[lower.indexOf(name)] as string);
}

function required({ path, columns }: Table, key: string, name: string | undefined): string | null {
  if (name === undefined) return null;
  const found = columnNamed(columns, [name.toLowerCase()]);
  if (found !== null) return found;
  const near = didYouMean(name, columns);
  throw new InputError(`${path} has no column ${option(key, name)}; it has ${listOf(columns)}${near}`);
}

function onlyOther({ path, columns }: Table, taken: readonly (string | null)[]): string {
  const known = [...fileNames, ...rowNumberNames];
  const rest = columns.filter((name) => !taken.includes(name) && !known.includes(name.toLowerCase()));
  if (rest.length === 1) return rest[0] as string;
  throw new InputError(
    `${path}: the columns are ${listOf(columns)}, and none is named label; expected one, or ${option("labelColumn", "NAME")}`,
  );
}

function notesOn(
  path: string,
  { file, label, split }: Readonly<Record<"file" | "label" | "split", string | null>>,
): string[] {
  const chosen = Object.entries({ file, label, split }).filter(
    ([role, name]) => name !== null && name.toLowerCase() !== role,
  );
  if (chosen.length === 0) return [];
  return [`${path}: ${chosen.map(([role, name]) => `column "${name}" is the ${role}`).join(", ")}`];
}

const listOf = (columns: readonly string[]) => columns.map((name) => `"${name}"`).join(", ");
