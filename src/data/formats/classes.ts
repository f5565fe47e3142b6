// The classes of data sets whose labels come as bare names or numbers.
import { InputError } from "../../errors.js";
import { compare } from "../files.js";

/** A label as a file gives it, and where it stands, for messages. */
export interface WrittenLabel {
  readonly text: string;
  readonly where: string;
}

/** The classes of data in which no sample has a label, so that a network has an output. */
export const noClasses: readonly string[] = ["unlabelled"];

/**
 * Names the classes "0" to the largest of the training labels.
 *
 * Throws `InputError` on a negative label, and on one that would make more classes than there are samples.
 */
export function numberedClasses(labels: ArrayLike<number>, where: (i: number) => string): string[] {
  let largest = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label < 0 || label >= labels.length) {
      const expected = `expected class numbers from 0, fewer than the ${labels.length} training samples`;
      throw new InputError(`${where(i)}: label ${label} is out of range; ${expected}`);
    }
    if (label > largest) largest = label;
  }
  return Array.from({ length: largest + 1 }, (_, i) => String(i));
}

/** The classes that training labels tell of: numbered where all are whole numbers, else their names in order. */
export function classesOf(labels: readonly WrittenLabel[]): string[] {
  const empty = labels.find(({ text }) => text === "");
  if (empty !== undefined) throw new InputError(`${empty.where}: the label is empty; expected a class name or number`);
  if (labels.every(({ text }) => /^-?\d+$/.test(text))) {
    return numberedClasses(
      labels.map(({ text }) => Number(text)),
      (i) => labels[i]!.where,
    );
  }
  return [...new Set(labels.map(({ text }) => text))].sort(compare);
}

/** The class number of each label. Throws `InputError` naming a label that is none of the classes. */
export function numbersOf(labels: readonly WrittenLabel[], classes: readonly string[]): Int32Array {
  const numbers = new Map(classes.map((name, i) => [name, i]));
  return Int32Array.from(labels, ({ text, where }) => {
    const number = numbers.get(String(/^\d+$/.test(text) && !numbers.has(text) ? Number(text) : text));
    if (number !== undefined) return number;
    throw new InputError(`${where}: label "${text}" is out of range: no training sample has it`);
  });
}
