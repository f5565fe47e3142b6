// Labels in a file of their own: who reviewed a data set, or who corrupted it, hands its labels over this way.
import { InputError } from "../../errors.js";
import { readCsv } from "./csv.js";
import { type NpyArray, readNpy } from "./npy.js";

/** One label of a file, with the sample that it is for. */
interface Assignment {
  readonly index: number;
  readonly label: number;
  readonly where: string;
}

/**
 * The labels that a file gives in the place of `labels`. The file is one of
 * - `.npy`: n integers, or (m, 2) integers (index, label) which change only those;
 * - `.csv`: a column `label` of n rows, or `index` and `label`, which change only those. Class names are allowed.
 *
 * Throws `InputError` naming the row whose index or label is out of range, or that repeats an index.
 */
export async function readLabels(path: string, labels: Int32Array, classes: readonly string[]): Promise<Int32Array> {
  const csv = path.toLowerCase().endsWith(".csv");
  const rows = csv ? await fromCsv(path, labels.length, classes) : fromArray(path, await readNpy(path), labels.length);
  const result = labels.slice();
  const seen = new Map<number, string>();
  for (const { index, label, where } of rows) {
    checkRange(where, "index", index, labels.length);
    checkRange(where, "label", label, classes.length);
    const earlier = seen.get(index);
    if (earlier !== undefined) throw new InputError(`${where}: index ${index} was given before, in ${earlier}`);
    seen.set(index, where);
    result[index] = label;
  }
  return result;
}

function fromArray(path: string, { data, shape }: NpyArray, n: number): Assignment[] {
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
  return Array.from({ length: n }, (_, i) => ({ index: i, label: Number(data[i]), where: row(i) }));
}

async function fromCsv(path: string, n: number, classes: readonly string[]): Promise<Assignment[]> {
  const { columns, rows } = await readCsv(path);
  if (!columns.includes("label")) {
    throw new InputError(`${path}: columns ${columns.join(", ")}; expected "label", or "index" and "label"`);
  }
  const indexed = columns.includes("index");
  if (!indexed && rows.length !== n)
    throw new InputError(`${path}: ${rows.length} labels; expected ${n}, one a sample`);
  const classNumber = classNumbers(classes);
  return rows.map(({ values, where }, i) => ({
    index: indexed ? wholeNumber(String(values.index), `${where}: index`) : i,
    label: classNumber(String(values.label), where),
    where,
  }));
}

/** Reads a label as a class name first, and as a class number where no class has a number for its name. */
export function classNumbers(classes: readonly string[]): (text: string, where: string) => number {
  const byName = new Map(classes.map((name, i) => [name, i]));
  const numericNames = classes.some((name) => /^\d+$/.test(name));
  return (text, where) => {
    const named = byName.get(text);
    if (named !== undefined) return named;
    if (/^-?\d+$/.test(text) && !numericNames) return Number(text);
    const expected = `expected one of ${listed(classes)}${numericNames ? "" : `, or 0 to ${classes.length - 1}`}`;
    throw new InputError(`${where}: label "${text}" is no class; ${expected}`);
  };
}

function wholeNumber(text: string, what: string): number {
  if (!/^-?\d+$/.test(text)) throw new InputError(`${what} "${text}" is no whole number`);
  return Number(text);
}

/** Throws `InputError` unless 0 <= value < limit. */
export function checkRange(where: string, what: string, value: number, limit: number): void {
  if (value >= 0 && value < limit) return;
  throw new InputError(`${where}: ${what} ${value} is out of range; expected 0 to ${limit - 1}`);
}

/** The first names of a list, and how many there are beyond them. */
export function listed(names: readonly string[], most = 10): string {
  const first = names.slice(0, most).join(", ");
  return names.length > most ? `${first} and ${names.length - most} more` : first;
}
