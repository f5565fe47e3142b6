// Which columns of a table name the sample, its label and its part.
import { didYouMean, InputError } from "../../errors.js";
import { option } from "../../options/index.js";
import { listed } from "../listed.js";
import { type PartName, partOfWord } from "../part-names.js";
import type { Row, Table } from "./table.js";

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
 * file, split or index being the label where it is the only one left.
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
  return { file, index, label, split, notes: named === null ? notesOn(table, { file, label, split }) : notes };
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
  const file = required(table, "fileColumn", fileColumn) ?? named(fileNames) ?? columns.find(namesFiles) ?? null;
  const label = required(table, "labelColumn", labelColumn) ?? named(labelNames);
  const split = splitIn(table, { splitColumn }, [file, label]);
  return { file, index, label, split, notes: notesOn(table, { file, label, split }) };
}

/** The column that may be one of parts: the one named, else one with such a name. @throws InputError for a name that there is not. */
export function splitCandidate(
  table: Pick<Table, "path" | "columns">,
  { splitColumn }: ColumnOptions,
  taken: readonly (string | null)[],
): string | null {
  const free = table.columns.filter((column) => !taken.includes(column));
  return required(table, "splitColumn", splitColumn) ?? columnNamed(free, splitNames);
}

/**
 * The column of parts: the one named, else a candidate of which some cells are parts, as `set` and `part` may mean something else; so may
 * `split` where it holds numbers, of folds.
 */
export function splitIn(table: Table, options: ColumnOptions, taken: readonly (string | null)[]): string | null {
  const name = splitCandidate(table, options, taken);
  if (name === null || options.splitColumn !== undefined) return name;
  const isSplit = name.toLowerCase() === "split";
  const says = (cell: string) => partOfWord(cell) !== null || (isSplit && /\D/.test(cell.trim()));
  return table.rows.some(({ values }) => says(String(values[name]))) ? name : null;
}

/** The part that a row's column of parts says; null where it says nothing. @throws InputError for another word. */
export function partOfRow({ values, where }: Row, split: string | null): PartName | null {
  const word = split === null ? "" : String(values[split] ?? "").trim();
  const part = word === "" ? null : partOfWord(word);
  if (part !== null || word === "") return part;
  throw new InputError(`${where}: ${split} "${word}"; expected train, validation or test`);
}

/** The first of the names that a column has, compared without case; the column as it is written. */
function columnNamed(columns: readonly string[], names: readonly string[]): string | null {
  const lower = columns.map((name) => name.toLowerCase());
  const name = names.find((candidate) => lower.includes(candidate));
  return name === undefined ? null : (columns[lower.indexOf(name)] as string);
}

function required(
  { path, columns }: Pick<Table, "path" | "columns">,
  key: string,
  name: string | undefined,
): string | null {
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
  { path, columns }: Table,
  { file, label, split }: Readonly<Record<"file" | "label" | "split", string | null>>,
): string[] {
  const others = columns.filter((name) => ![file, label, split].includes(name));
  const ignored = split === null ? columnNamed(others, splitNames) : null;
  const unread = ignored === null ? [] : [`${path}: column "${ignored}" names no part of the data: not read`];
  const chosen = Object.entries({ file, label, split }).filter(
    ([role, name]) => name !== null && name.toLowerCase() !== role,
  );
  if (chosen.length === 0) return unread;
  return [...unread, `${path}: ${chosen.map(([role, name]) => `column "${name}" is the ${role}`).join(", ")}`];
}

const listOf = (columns: readonly string[]) => listed(columns.map((name) => `"${name}"`));
