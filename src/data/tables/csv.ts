// Tables of text with a delimiter: comma, semicolon, tab or bar, whichever a file has.
import { type CsvError, parse } from "csv-parse/sync";
import { InputError } from "../../errors.js";
import { readText } from "./decode-text.js";

/** The cells of a file, row by row. */
export interface Cells {
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

const delimiters = [",", ";", "\t", "|"] as const;
/** The line with which spreadsheets state the delimiter. */
const statedDelimiter = /^sep=(.)\r?\n/;
/** Rows by which the delimiter is chosen. */
const sniffedRows = 20;
/** More than a table has. */
const manyColumns = 1e6;

/**
 * The cells of a table, its first row like the others. Empty lines are passed over; with `keepsEmpty`, one between others is a row of a table of one column,
 * whose value is missing. Throws `InputError` where it cannot be read.
 */
export async function readCells(path: string, keepsEmpty = false): Promise<Cells> {
  const { text: given, notes } = await readText(path);
  const [line = "", stated] = statedDelimiter.exec(given) ?? [];
  const text = given.slice(line.length);
  try {
    const layout = { delimiter: stated ?? sniffDelimiter(text), bom: true, trim: true };
    const rows: string[][] = parse(text, { ...layout, skip_empty_lines: true });
    return { rows: keepsEmpty && rows[0]?.length === 1 ? withoutMargins(parse(text, layout)) : rows, notes };
  } catch (error) {
    throw new InputError(`${path}: not a table that can be read: ${(error as CsvError).message}`);
  }
}

/** Without the empty rows before the first and behind the last that has a value. */
function withoutMargins(rows: string[][]): string[][] {
  const hasValue = ([cell = ""]: string[]) => cell !== "";
  return rows.slice(rows.findIndex(hasValue), rows.findLastIndex(hasValue) + 1);
}

/** The delimiter that cuts the first rows into the most columns, one that cuts all into as many before others. */
function sniffDelimiter(text: string): string {
  const scores = delimiters.map((delimiter) => {
    const [first = 0, ...others] = widthsBy(delimiter, text);
    return first > 1 && others.every((width) => width === first) ? first + manyColumns : first;
  });
  return delimiters[scores.indexOf(Math.max(...scores))] ?? ",";
}

function widthsBy(delimiter: string, text: string): number[] {
  try {
    const rows: string[][] = parse(text, {
      delimiter,
      bom: true,
      skip_empty_lines: true,
      relax_column_count: true,
      to: sniffedRows,
    });
    return rows.map(({ length }) => length);
  } catch {
    return [];
  }
}
