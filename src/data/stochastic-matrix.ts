// A matrix of class-to-class shares in a file: which label a class is given, and how often.
import { type CsvError, parse } from "csv-parse/sync";
import { InputError } from "../errors.js";
import { readBytes } from "./files.js";
import { parseNpy } from "./npy.js";

/** How far from 1 a row may sum, for figures that were rounded when they were written. */
const tolerance = 1e-3;

/**
 * Reads a row-stochastic matrix of (classes, classes), row by row, from a `.npy` file, or a `.csv` one with or without the
 * class names as a header. Entry [i][j] is the share of class i that is given label j.
 *
 * Throws `InputError` on another shape, an entry outside 0 to 1, or a row that does not sum to 1 within 0.001.
 */
export async function readStochasticMatrix(path: string, classes: readonly string[]): Promise<Float64Array> {
  const bytes = await readBytes(path);
  const rows = path.toLowerCase().endsWith(".csv") ? csvRows(path, bytes, classes) : npyRows(path, bytes);
  const size = classes.length;
  if (rows.length !== size || rows.some((row) => row.length !== size)) {
    const found = `${rows.length} x ${rows.find((row) => row.length !== size)?.length ?? size}`;
    throw new InputError(`${path}: a matrix of ${found}; expected ${size} x ${size}, a row and a column a class`);
  }
  rows.forEach((row, i) => {
    checkRow(`${path}, row ${i + 1}`, row);
  });
  return Float64Array.from(rows.flat());
}

function checkRow(where: string, row: readonly number[]): void {
  const wrong = row.find((share) => !(share >= 0 && share <= 1));
  if (wrong !== undefined) throw new InputError(`${where}: ${wrong} is no share; expected numbers from 0 to 1`);
  const sum = row.reduce((total, share) => total + share, 0);
  if (Math.abs(sum - 1) > tolerance) throw new InputError(`${where}: sums to ${sum.toFixed(4)}; expected 1`);
}

function npyRows(path: string, bytes: Uint8Array): number[][] {
  const { data, shape } = parseNpy(bytes, path);
  if (shape.length !== 2)
    throw new InputError(`${path}: shape (${shape.join(", ")}); expected a matrix, a row and a column a class`);
  const [rows, columns] = shape as [number, number];
  const row = (i: number) => Array.from(data.subarray(i * columns, (i + 1) * columns), Number);
  return Array.from({ length: rows }, (_, i) => row(i));
}

function csvRows(path: string, bytes: Uint8Array, classes: readonly string[]): number[][] {
  const [first = [], ...rest] = parseOrRefuse(path, bytes);
  const isHeader = rest.length === classes.length && first.join() === classes.join();
  const rows = isHeader ? rest : [first, ...rest];
  return rows.map((row, i) => row.map((text) => shareFrom(text, `${path}, row ${i + 1}`)));
}

function shareFrom(text: string, where: string): number {
  const share = text === "" ? Number.NaN : Number(text);
  if (!Number.isNaN(share)) return share;
  throw new InputError(
    `${where}: "${text}" is no number; expected shares, under no header or the class names in order`,
  );
}

function parseOrRefuse(path: string, bytes: Uint8Array): string[][] {
  try {
    return parse(bytes, { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true });
  } catch (error) {
    throw new InputError(`${path}: not a table that can be read: ${(error as CsvError).message}`);
  }
}
