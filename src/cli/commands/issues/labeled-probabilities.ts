// The probabilities of `issues --pred-probs` with the given labels: those of a data set, or of a file.
import { labelsFromFile, readDataSet, readLabels, readProbabilities } from "../../../data/index.js";
import { InputError } from "../../../errors.js";
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
}

/** @throws InputError unless there is a row for each label and a column for each class. */
export async function readLabeledProbabilities(source: ProbabilitySource): Promise<LabeledProbabilities> {
  const { probabilities, samples, classes } = await readProbabilities(source.probabilities);
  const { data, notes } = await labelsOf(source, samples, classes);
  const [rows, columns] = [data.train.labels.length, data.classes.length];
  if (rows !== samples || columns !== classes) {
    const received = `${source.probabilities}: received shape (${samples}, ${classes})`;
    throw new InputError(`${received}; expected (${rows}, ${columns}): one row per label, one column per class`);
  }
  return { ...data, probabilities, notes };
}

async function labelsOf({ data, format, labels }: ProbabilitySource, samples: number, columns: number) {
  if (data !== undefined) return withColumns(await labelsOfData(data, format, labels), columns);
  const { classes, notes, ...train } = await labelsFromFile(labels as string, samples);
  return withColumns({ data: { path: null, classes, train, test: null }, notes }, columns);
}

/** Classes that are numbers of columns are those of all columns, with samples or without. */
function withColumns<Found extends { readonly data: ManifestData }>({ data, ...found }: Found, columns: number) {
  const { classes, train, test } = data;
  const isColumn = (name: string) => /^\d+$/.test(name) && String(Number(name)) === name && Number(name) < columns;
  if (classes.length >= columns || !classes.every(isColumn)) return { ...found, data };
  const byColumn = (part: ManifestData["train"]) => ({
    ...part,
    labels: part.labels.map((label) => Number(classes[label])),
  });
  const all = Array.from({ length: columns }, (_, i) => String(i));
  return { ...found, data: { ...data, classes: all, train: byColumn(train), test: test && byColumn(test) } };
}

async function labelsOfData(path: string, format: string | undefined, labelsFile: string | undefined) {
  const options = {
    singleClass: true,
    ...(format !== undefined && { format }),
    ...(labelsFile !== undefined && { labelsFile }),
  };
  const { train, test, validation, classes, notes, labelsFile: readFrom } = await readDataSet(path, options);
  const read =
    labelsFile === undefined || readFrom !== undefined
      ? { labels: train.labels, notes: [] }
      : await readLabels(labelsFile, { ...train, otherFiles: test?.files }, classes);
  const data: ManifestData = { path, classes, train: { ...train, labels: read.labels }, validation, test };
  return { data, notes: [...notes, ...read.notes] };
}
