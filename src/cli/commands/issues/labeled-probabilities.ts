// The probabilities of `issues --pred-probs` with the given labels: those of a data set, or of a file.
import { readProbabilities, type Samples } from "../../../data/index.js";
import { InputError } from "../../../errors.js";
import { option } from "../../../options/index.js";
import type { LabeledData } from "../../../review/index.js";
import { columnClasses, inOrder } from "./column-classes.js";
import { type LabelSource, labelsOf } from "./given-labels.js";

export interface LabeledProbabilities extends LabeledData {
  /** (n, classes), row by row. */
  readonly probabilities: Float32Array;
  /** Where there is data. */
  readonly samples: Samples | undefined;
  readonly notes: readonly string[];
}

export interface ProbabilitySource extends LabelSource {
  readonly probabilities: string;
  /** The class of each column: names by commas, or a file of them; the order of the data's classes by default. */
  readonly classes: string | undefined;
}

/** @throws InputError unless there is a row for each label and a column for each class. */
export async function readLabeledProbabilities(source: ProbabilitySource): Promise<LabeledProbabilities> {
  const { probabilities, samples, classes } = await readProbabilities(source.probabilities);
  const { data, samples: images, notes } = await labelsByColumn(source, samples, classes);
  const [rows, columns] = [data.train.labels.length, data.classes.length];
  if (rows !== samples || columns !== classes) {
    const received = `${source.probabilities}: received shape (${samples}, ${classes})`;
    const advice = columns < classes ? `; ${option("classes")} names the columns where some have no sample` : "";
    throw new InputError(
      `${received}; expected (${rows}, ${columns}): one row per label, one column per class${advice}`,
    );
  }
  const order = source.classes === undefined && !data.classes.every(isNumber) ? [orderNote(source, data.classes)] : [];
  return { ...data, probabilities, samples: images, notes: [...notes, ...order] };
}

const isNumber = (name: string) => /^\d+$/.test(name);

const orderNote = ({ probabilities }: ProbabilitySource, classes: readonly string[]) =>
  `${probabilities}: the columns are taken for the classes in the order ${listed(classes)}; ${option("classes")} gives another`;

const listed = (names: readonly string[]) =>
  names.length > 10 ? `${names.slice(0, 10).join(", ")}, ... (${names.length})` : names.join(", ");

async function labelsByColumn(source: ProbabilitySource, samples: number, columns: number) {
  const found = await labelsOf(source, samples);
  return source.classes === undefined
    ? withColumns(found, columns)
    : inOrder(found, await columnClasses(source.classes, columns));
}

/** Classes that are numbers of columns are those of all columns, with samples or without. */
function withColumns<Found extends { readonly data: LabeledData }>({ data, ...found }: Found, columns: number) {
  const { classes, train, test } = data;
  const isColumn = (name: string) => isNumber(name) && String(Number(name)) === name && Number(name) < columns;
  if (classes.length >= columns || !classes.every(isColumn)) return { ...found, data };
  const byColumn = (part: LabeledData["train"]) => ({
    ...part,
    labels: part.labels.map((label) => Number(classes[label])),
  });
  const all = Array.from({ length: columns }, (_, i) => String(i));
  return { ...found, data: { ...data, classes: all, train: byColumn(train), test: test && byColumn(test) } };
}
