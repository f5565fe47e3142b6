// The labels that `issues --pred-probs` judges: a data set's, or a file's.
import { labelsFromFile, readDataSet, readLabels, readProbabilities } from "../../../data/index.js";
import { InputError } from "../../../errors.js";
import type { ManifestData } from "./corrected-manifest.js";

export interface JudgedLabels extends ManifestData {
  /** (n, classes), row by row. */
  readonly probabilities: Float32Array;
  readonly notes: readonly string[];
}

export interface JudgedSource {
  readonly probabilities: string;
  readonly data: string | undefined;
  readonly format: string | undefined;
  readonly labels: string | undefined;
}

/** @throws InputError where there are more or fewer rows than labels, or columns than classes. */
export async function readJudgedLabels(source: JudgedSource): Promise<JudgedLabels> {
  const { probabilities, samples, classes } = await readProbabilities(source.probabilities);
  const { data, notes } = await labelsOf(source, samples, classes);
  const [rows, columns] = [data.train.labels.length, data.classes.length];
  if (rows !== samples || columns !== classes) {
    const found = `${source.probabilities}: shape (${samples}, ${classes})`;
    throw new InputError(`${found}; expected (${rows}, ${columns}): a row a label, a column a class`);
  }
  return { ...data, probabilities, notes };
}

async function labelsOf({ data, format, labels }: JudgedSource, samples: number, classes: number) {
  if (data !== undefined) return labelsOfData(data, format, labels);
  const file = labels as string;
  const found = await labelsFromFile(file, samples);
  return { data: { path: null, classes: allClasses(found.classes, classes), train: found, test: null }, notes: [] };
}

/** Classes that are numbers, and of which the last have no sample, are as many as there are columns. */
function allClasses(found: readonly string[], columns: number): readonly string[] {
  const numbered = found.every((name, i) => name === String(i));
  return numbered && found.length < columns ? Array.from({ length: columns }, (_, i) => String(i)) : found;
}

async function labelsOfData(path: string, format: string | undefined, labelsFile: string | undefined) {
  const options = {
    singleClass: true,
    ...(format !== undefined && { format }),
    ...(labelsFile !== undefined && { labelsFile }),
  };
  const { train, test, classes, notes } = await readDataSet(path, options);
  const labels = labelsFile === undefined ? train.labels : await readLabels(labelsFile, train.labels, classes);
  return { data: { path, classes, train: { ...train, labels }, test }, notes };
}
