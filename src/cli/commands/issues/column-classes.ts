// Which class each column of `issues --pred-probs` stands for, as the user names them.
import { readFile } from "node:fs/promises";
import { didYouMean, InputError } from "../../../errors.js";
import { option } from "../../../options/index.js";
import type { LabeledData } from "../../../review/index.js";

/**
 * The names of `--classes`: by commas, or one in each line of a file.
 * @throws InputError unless there is a different one for each column.
 */
export async function columnClasses(given: string, columns: number): Promise<string[]> {
  const contents = await readFile(given, "utf8").catch(() => null);
  const names = contents === null ? given.split(",") : contents.replace(/\n$/, "").split("\n");
  const classes = names.map((name) => name.trim().normalize("NFC"));
  const twice = classes.find((name, i) => classes.indexOf(name) !== i);
  const refuse = (problem: string) => new InputError(`${option("classes", given)}: ${problem}`);
  if (classes.length !== columns) throw refuse(`received ${classes.length} names; expected ${columns}, one a column`);
  if (twice !== undefined) throw refuse(`received ${JSON.stringify(twice)} twice; expected different names`);
  return classes;
}

/**
 * The data with its classes in this order; classes may be without samples.
 * @throws InputError for a class of the data that is not among them.
 */
export function inOrder<Found extends { readonly data: LabeledData }>(found: Found, classes: readonly string[]) {
  const places = found.data.classes.map((name) => classes.indexOf(name.normalize("NFC")));
  const unknown = found.data.classes.find((_, i) => places[i] === -1);
  if (unknown !== undefined) {
    throw new InputError(
      `${option("classes")}: the labels have a class ${JSON.stringify(unknown)}; expected it among the columns' classes${didYouMean(unknown, classes)}`,
    );
  }
  const renumbered = <Part extends { readonly labels: Int32Array }>(part: Part) => ({
    ...part,
    labels: part.labels.map((label) => (label < 0 ? label : (places[label] as number))),
  });
  const { train, test } = found.data;
  return { ...found, data: { ...found.data, classes, train: renumbered(train), test: test && renumbered(test) } };
}
