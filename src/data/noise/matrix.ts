// Label-noise matrices read from a file.
import { InputError } from "../../errors.js";
import { readCells } from "../tables/csv.js";
import { readNpy } from "../tables/npy.js";

/** The largest difference of a row's sum from 1: enough for fractions written with three digits. */
const tolerance = 1e-3;

/**
 * Reads a C x C matrix whose entry (i, j) is the fraction of class i that is labeled j: floats of `.npy`, or a `.csv` of C rows,
 * with or without a header of the class names (whose order then holds for rows and columns). Rows are scaled to sum to
 * exactly 1.
 * @throws InputError for another size, names that are not the classes, a negative entry, or a row that does not sum to 1.
 */
export async function readNoiseMatrix(path: string, classes: readonly string[]): Promise<number[][]> {
  const csv = path.toLowerCase().endsWith(".csv");
  const rows = csv ? inOrder(path, (await readCells(path)).rows, classes) : await fromArray(path);
  const size = classes.length;
  if (rows.length !== size || rows.some((row) => row.length !== size)) {
    const received = `${rows.length} rows of ${[...new Set(rows.map((row) => row.length))].join(" and ")}`;
    throw new InputError(`${path}: ${received} entries; expected a ${size} x ${size} matrix, a row a class`);
  }
  return rows.map((row, i) => stochastic(row, `${path}, row of class "${classes[i]}"`));
}

async function fromArray(path: string): Promise<number[][]> {
  const { data, shape } = await readNpy(path);
  if (shape.length !== 2) throw new InputError(`${path}: shape (${shape.join(", ")}); expected a matrix`);
  const [rows, columns] = shape as [number, number];
  return Array.from({ length: rows }, (_, i) => Array.from(data.slice(i * columns, (i + 1) * columns), Number));
}

/** The numbers of a table, in the classes' order where a header names them. */
function inOrder(path: string, cells: readonly (readonly string[])[], classes: readonly string[]): number[][] {
  if (cells.length !== classes.length + 1) return numbers(path, cells);
  const order = classes.map((name) => cells[0]!.indexOf(name));
  const missing = classes[order.indexOf(-1)];
  if (missing !== undefined) throw new InputError(`${path}: the header has no "${missing}"; expected the class names`);
  const rows = numbers(path, cells.slice(1));
  if (rows.some((row) => row.length !== classes.length)) return rows;
  return order.map((row) => order.map((column) => rows[row]![column]!));
}

function numbers(path: string, cells: readonly (readonly string[])[]): number[][] {
  const number = (cell: string) => {
    const value = cell === "" ? Number.NaN : Number(cell);
    if (!Number.isNaN(value)) return value;
    throw new InputError(`${path}: entry "${cell}" is not a number; expected fractions from 0 to 1`);
  };
  return cells.map((row) => row.map(number));
}

function stochastic(row: readonly number[], where: string): number[] {
  const wrong = row.find((entry) => !(entry >= 0 && entry <= 1 + tolerance));
  if (wrong !== undefined) throw new InputError(`${where}: entry ${wrong}; expected fractions from 0 to 1`);
  const sum = row.reduce((total, entry) => total + entry, 0);
  if (Math.abs(sum - 1) <= tolerance) return row.map((entry) => entry / sum);
  throw new InputError(`${where}: the entries sum to ${Number(sum.toPrecision(6))}; expected 1`);
}
