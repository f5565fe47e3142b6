// Comma-separated files, read whole.
import { type CsvError, parse } from "csv-parse/sync";
import { InputError } from "../../errors.js";
import { readBytes } from "../files.js";

/** One row: its values by column, and where it stands, for messages. */
export interface Row {
  readonly values: Readonly<Record<string, unknown>>;
  /** Such as `labels.csv, row 3`, counting rows of data from 1. */
  readonly where: string;
}

/** A table's column names, in lower case, and its rows. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** Reads a `.csv` file with a header. Throws `InputError` where it cannot be read or holds no row. */
export async function readCsv(path: string): Promise<Table> {
  let columns: string[] = [];
  const header = (names: string[]) => {
    columns = names.map((name) => name.toLowerCase());
    return columns;
  };
  const values = parseOrRefuse<Readonly<Record<string, string>>>(path, await readBytes(path), header);
  if (values.length === 0) throw new InputError(`${path}: no rows found; expected a header and a row a sample`);
  return { columns, rows: values.map((row, i) => ({ values: row, where: `${path}, row ${i + 1}` })) };
}

/** The cells of a `.csv` file, its first row like the others. Throws `InputError` where it cannot be read. */
export async function readCells(path: string): Promise<string[][]> {
  return parseOrRefuse<string[]>(path, await readBytes(path), false);
}

function parseOrRefuse<Line>(path: string, bytes: Buffer, columns: false | ((names: string[]) => string[])): Line[] {
  try {
    return parse(bytes, { columns, bom: true, trim: true, skip_empty_lines: true }) as Line[];
  } catch (error) {
    throw new InputError(`${path}: not a table that can be read: ${(error as CsvError).message}`);
  }
}

type Cell = string | number | null;

/** A table as CSV, a header and a line a row; null is an empty cell. What `readCsv` reads as it was. */
export function csvText(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(csvCell).join(",")}\n`).join("");
}

function csvCell(value: Cell): string {
  const text = String(value ?? "");
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
