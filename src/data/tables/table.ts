// A table of rows with named columns, read from CSV, JSON or JSON Lines.
import { extname } from "node:path";
import { InputError } from "../../errors.js";
import { readCells } from "./csv.js";
import { readText } from "./decode-text.js";
import { imageEnding } from "./match-files.js";

/** One row: its values by column, and where it is, for messages. */
export interface Row {
  readonly values: Readonly<Record<string, unknown>>;
  /** Such as `labels.csv, row 3`, counting rows of data from 1. */
  readonly where: string;
}

/** A table's column names as they are written, and its rows. */
export interface Table {
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** Notes for the user. */
  readonly notes: readonly string[];
}

const jsonEndings = [".json", ".jsonl", ".ndjson"];
/** The endings of files that are read as tables. */
export const tableEndings = [".csv", ".tsv", ...jsonEndings];

/** How a table may be. */
export interface TableReading {
  /** Whether it may have columns and no row. */
  readonly canBeEmpty?: boolean;
  /** Whether an empty line in a table of one column is a row without a value. */
  readonly keepsEmpty?: boolean;
}

/**
 * Reads `.json` (an array of objects, or one object of labels by the names of images), `.jsonl` or `.ndjson` (an object a line), and anything else as a header and a row a line.
 *
 * Throws `InputError` where it cannot be read, holds no row, or has two columns of one name.
 */
export async function readTable(
  path: string,
  { canBeEmpty = false, keepsEmpty = false }: TableReading = {},
): Promise<Table> {
  const table = jsonEndings.includes(extname(path).toLowerCase())
    ? await jsonTable(path)
    : await textTable(path, keepsEmpty);
  if (table.rows.length === 0 && !(canBeEmpty && table.columns.length > 0))
    throw new InputError(`${path}: no rows found; expected ${expectedOf(path)}`);
  return table;
}

const expectedOf = (path: string) =>
  jsonEndings.includes(extname(path).toLowerCase()) ? "a JSON object a sample" : "a header and a row a sample";

async function textTable(path: string, keepsEmpty: boolean): Promise<Table> {
  const {
    rows: [columns = [], ...rows],
    notes,
  } = await readCells(path, keepsEmpty);
  requireDistinct(path, columns);
  return {
    path,
    columns,
    rows: rows.map((cells, i) => ({ values: valuesOf(columns, cells), where: `${path}, row ${i + 1}` })),
    notes,
  };
}

/** The table whose header is a row like the others; its columns are named "1", "2" and so on. */
export function withoutHeader({ path, columns, rows, notes }: Table): Table {
  const names = columns.map((_, i) => String(i + 1));
  const cells = [columns, ...rows.map(({ values }) => columns.map((name) => String(values[name])))];
  return {
    path,
    columns: names,
    rows: cells.map((row, i) => ({ values: valuesOf(names, row), where: `${path}, row ${i + 1}` })),
    notes: [...notes, `${path}: the first row is data, so the table has no header`],
  };
}

const valuesOf = (columns: readonly string[], cells: readonly string[]) =>
  Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? ""]));

function requireDistinct(path: string, columns: readonly string[]): void {
  const lower = columns.map((name) => name.toLowerCase());
  const twice = columns.find((name, i) => name !== "" && lower.indexOf(name.toLowerCase()) !== i);
  if (twice === undefined) return;
  throw new InputError(`${path}: two columns are named "${twice}"; expected each name once`);
}

async function jsonTable(path: string): Promise<Table> {
  const { text, notes } = await readText(path);
  const labels = labelsByName(path, text);
  const rows = labels ?? (text.trimStart().startsWith("[") ? arrayRows(path, text) : lineRows(path, text));
  const columns = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  requireDistinct(path, columns);
  return { path, columns, rows, notes };
}

/** The rows of one object such as `{ "1.png": "owl" }`; null for other JSON. */
function labelsByName(path: string, text: string): Row[] | null {
  const given = text.trimStart().startsWith("{") ? parseJson(text) : undefined;
  const entries = Object.entries((given as Record<string, unknown> | undefined) ?? {});
  const isLabeled = ([name, label]: [string, unknown]) => imageEnding.test(name) && typeof label !== "object";
  if (entries.length === 0 || !entries.every(isLabeled)) return null;
  return entries.map(([file, label], i) => ({ values: { file, label }, where: `${path}, row ${i + 1}` }));
}

function arrayRows(path: string, text: string): Row[] {
  const items: unknown = parseJson(text);
  if (!Array.isArray(items)) throw new InputError(`${path}: not a JSON array that can be read; expected [{...}, ...]`);
  return items.map((item, i) => rowOf(item, `${path}, row ${i + 1}`, JSON.stringify(item)));
}

function lineRows(path: string, text: string): Row[] {
  return text
    .split(/\r?\n/)
    .map((line, i) => ({ line, where: `${path}, row ${i + 1}` }))
    .filter(({ line }) => line.trim() !== "")
    .map(({ line, where }) => rowOf(parseJson(line), where, line));
}

function rowOf(value: unknown, where: string, text: string): Row {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { values: { ...value }, where };
  throw new InputError(`${where}: not a JSON object: ${text.slice(0, 60)}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
