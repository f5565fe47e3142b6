// The labels that an array gives: numbers, names, or one-hot rows.
import { InputError } from "../../../errors.js";
import { type NpyArray, parseNpy } from "../../tables/npy.js";
import { parseNpyStrings } from "../../tables/npy-strings.js";
import { classesOf, isMissing, lookAlikes, type NumberedLabels, numberedClasses, numbersOf } from "../classes.js";

/** One label per sample: whole numbers, or names. */
export type ArrayLabels = Int32Array | readonly string[];

/**
 * Reads the bytes of a `.npy` file of labels: n integers or strings, (n,) or (n, 1), or n one-hot rows (n, classes).
 *
 * Throws `InputError`, beginning with `name`, on anything else.
 */
export function parseLabels(bytes: Uint8Array, name: string): ArrayLabels {
  return parseNpyStrings(bytes, name) ?? integersOf(name, parseNpy(bytes, name));
}

function integersOf(path: string, { data, shape }: NpyArray): Int32Array {
  const [rows = 0, columns = 1] = shape;
  if (data.length !== rows) return oneHot(path, data, rows, columns, shape);
  return Int32Array.from({ length: rows }, (_, i) => {
    const label = Number(data[i]);
    if (Number.isInteger(label) && Math.abs(label) < 2 ** 31) return label;
    throw new InputError(`${path}: label ${label} of row ${i}; expected an integer`);
  });
}

function oneHot(
  path: string,
  data: NpyArray["data"],
  rows: number,
  columns: number,
  shape: readonly number[],
): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => {
    const values = Array.from({ length: columns }, (_, column) => Number(data[row * columns + column]));
    const label = values.indexOf(1);
    if (shape.length === 2 && label >= 0 && values.every((value, column) => value === (column === label ? 1 : 0)))
      return label;
    throw new InputError(
      `${path}: labels have shape (${shape.join(", ")}); expected one integer a row, or one-hot rows`,
    );
  });
}

/**
 * The classes of training labels. -1 is no label where there are two other classes or more, as are empty strings and `nan`; such
 * samples have the label -1.
 */
export function classesOfArray(labels: ArrayLabels, where: (i: number) => string): NumberedLabels {
  if (labels instanceof Int32Array) return classesOfNumbers(labels);
  const written = labels.map((text, i) => ({ text, where: where(i) }));
  const classes = classesOf(written.filter(({ text }) => !isMissing(text)));
  return { classes, labels: numbersOf(written, classes), notes: lookAlikes(classes) };
}

function classesOfNumbers(labels: Int32Array): NumberedLabels {
  const known = labels.filter((label) => label !== -1);
  if (known.length === labels.length || new Set(known).size < 2) return numberedClasses(labels);
  const { classes, labels: numbers, notes } = numberedClasses(known);
  let next = 0;
  return { classes, labels: labels.map((label) => (label === -1 ? -1 : (numbers[next++] as number))), notes };
}
