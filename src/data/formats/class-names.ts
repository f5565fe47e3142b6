// Names for classes that the data only numbers, from a file.
import { InputError } from "../../errors.js";
import { readText } from "../tables/decode-text.js";
import type { DataSet, Samples } from "../types.js";

/**
 * The data with its classes named by a file that has a name a line, the first for class 0. Classes without samples are kept.
 *
 * Throws `InputError` for data that names its classes itself, names that repeat, and fewer names than the data needs.
 */
export async function withClassNames(data: DataSet, file: string): Promise<DataSet> {
  const names = await readNames(file);
  const numbers = data.classes.map(Number);
  const named = data.classes.find((name) => !/^\d+$/.test(name));
  if (named !== undefined) {
    throw new InputError(`${file} names classes 0, 1 and so on; this data has names of its own, such as "${named}"`);
  }
  const largest = numbers.reduce((a, b) => Math.max(a, b), 0);
  if (largest >= names.length) {
    throw new InputError(
      `${file}: ${names.length} names; expected ${largest + 1} or more, as the data has class ${largest}`,
    );
  }
  const renumbered = <S extends Samples>(samples: S): S => ({
    ...samples,
    labels: samples.labels.map((label) => numbers[label] ?? -1),
  });
  return { ...data, classes: names, train: renumbered(data.train), test: data.test && renumbered(data.test) };
}

async function readNames(file: string): Promise<string[]> {
  const { text } = await readText(file);
  const names = text
    .trimEnd()
    .split(/\r?\n/)
    .map((name) => name.trim());
  const wrong = names.findIndex((name, i) => name === "" || names.indexOf(name) !== i);
  if (wrong < 0) return names;
  const received = names[wrong] === "" ? "an empty line" : `"${names[wrong]}" a second time`;
  throw new InputError(`${file}, line ${wrong + 1}: received ${received}; expected a different name in each line`);
}
