// Data from elsewhere, read as a run's network takes it, with the run's class numbers.
import { type DataOptions, type DataSet, readLabels } from "../data/index.js";
import { didYouMean, InputError } from "../errors.js";
import { type LayoutOptions, layoutOf, option } from "../options/index.js";
import type { RunRecipe } from "../runs/run-folder.js";

/** How to read the data; as the run's own where nothing is said. */
export interface ReadingOptions extends LayoutOptions {
  readonly format?: string | undefined;
  /** Labels for data without labels. */
  readonly labels?: string | undefined;
}

/** Options that read data at the size of the run's samples; `isRunData`: in the layout of the run's data. */
export function readingOptions(
  isRunData: boolean,
  options: ReadingOptions,
  { recipe, resolved }: RunRecipe,
): DataOptions {
  const [, height, width] = resolved.sampleShape;
  const format = options.format ?? (isRunData ? recipe.format : undefined);
  const labelsFile = options.labels ?? (isRunData ? recipe.labels : undefined);
  return {
    strict: recipe.strict,
    // As the run read its data, so that a copy of it has the same fingerprint.
    stream: recipe.stream === "always" ? "always" : "auto",
    singleClass: true,
    ...(isRunData && layoutOf(recipe)),
    ...layoutOf(options),
    ...(format !== undefined && { format }),
    ...(labelsFile !== undefined && { labelsFile }),
    // Images of other proportions were not resized for the run.
    ...(resolved.depthRanges && { depthRanges: resolved.depthRanges }),
    ...(height !== undefined && height === width && { imageSize: height }),
  };
}

/** @throws InputError for a file of labels that the data, which has its own, was read without. */
export function requireLabelsRead({ labels }: ReadingOptions, { labelsFile }: Pick<DataSet, "labelsFile">): void {
  if (labels === undefined || labelsFile !== undefined) return;
  throw new InputError(`${option("labels", labels)} is for data without labels; this data has its own`);
}

/** The labels by the run's class numbers; classes are matched by name. @throws InputError for a class that the run does not know. */
export function byRunClasses(labels: Int32Array, classes: readonly string[], runClasses: readonly string[]) {
  const composed = runClasses.map((name) => name.normalize("NFC"));
  const indices = classes.map((name) => composed.indexOf(name.normalize("NFC")));
  const unexpected = classes.find((_, i) => indices[i] === -1);
  if (unexpected !== undefined) {
    throw new InputError(
      `the data has a class "${unexpected}", which is not one of the run's ${runClasses.length}${didYouMean(unexpected, runClasses)}`,
    );
  }
  return labels.map((label) => (label < 0 ? label : (indices[label] as number)));
}

/** @throws InputError unless the samples have the shape of those that the run was trained on. */
export function requireShape(path: string, shape: readonly number[], { resolved }: RunRecipe): void {
  const [received, expected] = [shape.join(" x "), resolved.sampleShape.join(" x ")];
  if (received !== expected)
    throw new InputError(`the samples of ${path} are ${received}; the run was trained on ${expected}`);
}

/** The data set with the labels of the file, where there is one and its format has not read it. */
export async function withLabelsOf(file: string | undefined, dataSet: DataSet, layout: LayoutOptions) {
  const { train, test, classes, notes } = dataSet;
  if (file === undefined || dataSet.labelsFile !== undefined) return dataSet;
  const read = await readLabels(file, { ...train, otherFiles: test?.files }, classes, layoutOf(layout));
  return { ...dataSet, train: { ...train, labels: read.labels }, notes: [...notes, ...read.notes] };
}
