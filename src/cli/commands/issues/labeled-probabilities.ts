// The probabilities of `issues --pred-probs` with the given labels: those of a data set, or of a file.
import { labelsFromFile, readDataSet, readLabels, readProbabilities } from "../../../data/index.js";
import { InputError } from "../../../errors.js";
import { type LayoutOptions, layoutOf, option } from "../../../options/index.js";
import { columnClasses, inOrder } from "./column-classes.js";
import type { ManifestData } from "./corrected-manifest.js";

export interface LabeledProbabilities extends ManifestData {
  /** (n, classes), row by row. */
  readonly probabilities: Float32Array;
  readonly notes: readonly string[];
}

export interface ProbabilitySource {
  readonly probabilities: string;
  readonly data: string | undefined;
  readonly format: string | undefined;
  readonly labels: string | undefined;
  /** The class of each column: names by commas, or a file of them; the order of the data's classes by default. */
  readonly classes: string | undefined;
  readonly layout: LayoutOptions;
}

/** @throws InputError unless there is a row for each label and a column for each class. */
export async function readLabeledProbabilities(source: ProbabilitySource): Promise<LabeledProbabilities> {
  const { probabilities, samples, classes } = await readProbabilities(source.probabilities);
  const { data, notes } = await labelsOf(source, samples, classes);
  const [rows, columns] = [data.train.labels.length, data.classes.length];
  if (rows !== samples || columns !== classes) {
    const received = `${source.probabilities}: received shape (${samples}, ${classes})`;
    const advice = columns < classes ? `; ${option("classes")} names the columns where some have no sample` : "";
    throw new InputError(
      `${received}; expected (${rows}, ${columns}): one row per label, one column per class${advice}`,
    );
  }
  const order = source.classes === undefined && !data.classes.every(isNumber) ? [orderNote(source, data.classes)] : [];
  return { ...data, probabilities, notes: [...notes, ...order] };
}

const isNumber = (name: string) => /^\d+$/.test(name);

const orderNote = ({ probabilities }: ProbabilitySource, classes: readonly string[]) =>
  `${probabilities}: the columns are taken for the classes in the order ${listed(classes)}; ${option("classes")} gives another`;

const listed = (names: readonly string[]) =>
  names.length > 10 ? `${names.slice(0, 10).join(", ")}, ... (${names.length})` : names.join(", ");

async function labelsOf(source: ProbabilitySource, samples: number, columns: number) {
  const found =
    source.data === undefined ? await labelsOfFile(source, samples) : await labelsOfData(source.data, source);
  return source.classes === undefined
    ? withColumns(found, columns)
    : inOrder(found, await columnClasses(source.classes, columns));
}

async function labelsOfFile({ labels, layout }: ProbabilitySource, samples: number) {
  const { classes, notes, ...train } = await labelsFromFile(labels as string, samples, layout);
  return { data: { path: null, classes, train, test: null } as ManifestData, notes };
}

/** Classes that are numbers of columns are those of all columns, with samples or without. */
function withColumns<Found extends { readonly data: ManifestData }>({ data, ...found }: Found, columns: number) {
  const { classes, train, test } = data;
  const isColumn = (name: string) => isNumber(name) && String(Number(name)) === name && Number(name) < columns;
  if (classes.length >= columns || !classes.every(isColumn)) return { ...found, data };
  const byColumn = (part: ManifestData["train"]) => ({
    ...part,
    labels: part.labels.map((label) => Number(classes[label])),
  });
  const all = Array.from({ length: columns }, (_, i) => String(i));
  return { ...found, data: { ...data, classes: all, train: byColumn(train), test: test && byColumn(test) } };
}

async function labelsOfData(path: string, { format, labels: labelsFile, layout }: ProbabilitySource) {
  const options = {
    singleClass: true,
    ...layoutOf(layout),
    ...(format !== undefined && { format }),
    ...(labelsFile !== undefined && { labelsFile }),
  };
  const { train, test, validation, classes, notes, labelsFile: readFrom } = await readDataSet(path, options);
  const read =
    labelsFile === undefined || readFrom !== undefined
      ? { labels: train.labels, notes: [] }
      : await readLabels(labelsFile, { ...train, otherFiles: test?.files }, classes, layout);
  const data: ManifestData = { path, classes, train: { ...train, labels: read.labels }, validation, test };
  return { data, notes: [...notes, ...read.notes] };
}
