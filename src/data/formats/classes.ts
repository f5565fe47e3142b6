// The classes of data whose labels are names or numbers in a file.
import { InputError } from "../../errors.js";
import { compare } from "../files.js";
import { listed } from "../listed.js";

/** A label as a file gives it, and where it is, for messages. */
export interface WrittenLabel {
  readonly text: string;
  readonly where: string;
}

/** Classes, the class number of each label, and notes for the user. */
export interface NumberedLabels {
  readonly classes: readonly string[];
  readonly labels: Int32Array;
  readonly notes: readonly string[];
}

/** The classes of data in which no sample has a label, so that a network has an output. */
export const noClasses: readonly string[] = ["unlabeled"];

/** What programs write where a label is missing. */
const missing = /^(nan|null|undefined|<na>)?$/i;

/** Whether a label says that there is none: empty, or `nan` and the like. */
export const isMissing = (text: string) => missing.test(text.trim());

/** Labels are compared in Unicode's composed form, without spaces around them. */
const keyOf = (text: string) => text.trim().normalize("NFC");

/**
 * The classes of training labels. Labels are names, kept as written: numbers in numeric order, others in alphabetical order.
 *
 * Throws `InputError` naming the first label that is missing.
 */
export function classesOf(labels: readonly WrittenLabel[]): string[] {
  const names = new Map<string, string>();
  for (const { text, where } of labels) {
    if (isMissing(text)) {
      const received =
        text.trim() === "" ? "the label is empty" : `the label is "${text}", which stands for a missing one`;
      throw new InputError(`${where}: ${received}; expected a class name or number`);
    }
    const key = keyOf(text);
    if (!names.has(key)) names.set(key, text.trim());
  }
  return inOrder([...names.values()]);
}

function inOrder(names: string[]): string[] {
  const areNumbers = names.every((name) => /^-?\d+$/.test(name));
  return names.sort((a, b) => (areNumbers && Number(a) - Number(b)) || compare(a, b));
}

/** The class number of each label; -1 for those of no class. */
export function numbersOf(labels: readonly WrittenLabel[], classes: readonly string[]): Int32Array {
  const numbers = new Map(classes.map((name, i) => [keyOf(name), i]));
  return Int32Array.from(labels, ({ text }) => numbers.get(keyOf(text)) ?? -1);
}

/** Classes that are numbers: those from 0 to n - 1 are class numbers, any others names, in numeric order. */
export function numberedClasses(labels: ArrayLike<number>): NumberedLabels {
  const values = [...new Set(Array.from(labels))].sort((a, b) => a - b);
  const classes = values.map(String);
  if (values.every((value, i) => value === i)) return { classes, labels: Int32Array.from(labels), notes: [] };
  const numbers = new Map(values.map((value, i) => [value, i]));
  const note = `the labels are ${listed(classes, 6)}, not 0 to ${classes.length - 1}: they are taken as names of ${classes.length} classes`;
  return { classes, labels: Int32Array.from(labels, (label) => numbers.get(label) as number), notes: [note] };
}

/** One line on classes that are kept apart though their names differ by little: by case, spaces, accents or leading zeros. */
export function lookAlikes(classes: readonly string[]): string[] {
  const groups = new Map<string, string[]>();
  for (const name of classes) {
    const key = plain(name);
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  const alike = [...groups.values()].filter((names) => names.length > 1);
  const shown = alike.map((names) => names.map((name) => `"${name}"`).join(" and "));
  return alike.length === 0 ? [] : [`classes whose names look alike are kept apart: ${listed(shown, 3)}`];
}

function plain(name: string): string {
  const letters = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return letters
    .replace(/[\s_-]+/g, " ")
    .trim()
    .replace(/^0+(?=\d)/, "");
}
