// The data that a run is evaluated on: given data with the run's classes, or samples that the run held out.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  type DataOptions,
  type DataSet,
  fingerprint,
  givenSplit,
  readDataSet,
  type Samples,
  samplesAt,
  withTestPart,
} from "../data/index.js";
import { didYouMean, InputError } from "../errors.js";
import { type LayoutOptions, layoutOf, option } from "../options/index.js";
import { missingFiles, missingNotes, restoreRecorded, withoutFiles } from "../runs/missing-files.js";
import { prepareSameData } from "../runs/prepare-same-data.js";
import type { RunRecipe } from "../runs/run-folder.js";

export interface EvaluationDataOptions extends LayoutOptions {
  /** Folder or file; its test part is used where it has one, else all of it. */
  readonly data?: string | undefined;
  readonly format?: string | undefined;
  /** Labels for data without labels. */
  readonly labels?: string | undefined;
  /** Data in memory, instead of a folder or file. */
  readonly dataSet?: DataSet | undefined;
}

export interface EvaluationData {
  readonly samples: Samples;
  readonly part: "test" | "all" | "validation";
  /** Where the data lies, and which part of it this is. */
  readonly name: string;
  /** Of these samples, with labels by the run's class numbers. */
  readonly fingerprint: string;
  /** Whether the run was trained on these samples. */
  readonly trainedOn: boolean;
  /** Notes and warnings for the user. */
  readonly notes: readonly string[];
}

/** The labels by the run's class numbers. @throws InputError for a class that the run does not know. */
function relabel(labels: Int32Array, classes: readonly string[], runClasses: readonly string[]): Int32Array {
  const composed = runClasses.map((name) => name.normalize("NFC"));
  const indices = classes.map((name) => composed.indexOf(name.normalize("NFC")));
  const unexpected = classes.find((_, i) => indices[i] === -1);
  if (unexpected !== undefined) {
    throw new InputError(
      `the data has a class "${unexpected}", which is not one of the run's ${runClasses.length}${didYouMean(unexpected, runClasses)}`,
    );
  }
  return labels.map((label) => indices[label] as number);
}

function readOptions(isRunData: boolean, options: EvaluationDataOptions, { recipe, resolved }: RunRecipe): DataOptions {
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
    ...(height !== undefined && height === width && { imageSize: height }),
  };
}

const fingerprintOf = (samples: Samples, { resolved }: RunRecipe) =>
  fingerprint({ format: "evaluated", classes: resolved.classes, train: samples, test: null, notes: [] });

const partNames = { test: "its test part", all: "all of it", validation: "its validation part" } as const;

/** The test part of a data set, else its validation part, else all of it. */
function partToEvaluate(dataSet: DataSet) {
  const { test, train, classes, notes } = dataSet;
  if (test !== null) return { samples: test, part: "test", classes, notes } as const;
  const given = givenSplit(dataSet);
  if (given === null) return { samples: train, part: "all", classes, notes } as const;
  return { samples: samplesAt(train, given.validation), part: "validation", classes, notes } as const;
}

/**
 * The test part of the data if it has one, else its validation part, else all of it (default: the run's data).
 * @throws InputError where it cannot be read, or has other classes or samples of another shape than the run.
 */
export async function readEvaluationData(
  options: EvaluationDataOptions,
  run: RunRecipe,
  folder: string,
): Promise<EvaluationData> {
  const { recipe, resolved } = run;
  const path = options.dataSet === undefined ? (options.data ?? recipe.data) : "(in memory)";
  const isRunData = options.dataSet === undefined && resolve(path) === resolve(recipe.data);
  const found = options.dataSet ?? (await readDataSet(path, readOptions(isRunData, options, run)));
  const missing = isRunData ? missingFiles(folder, found) : [];
  // A test part is drawn from all files that the run had: from fewer, another one would be.
  const isDrawn = missing.length > 0 && recipe.testFraction !== undefined;
  const dataSet = isDrawn ? (restoreRecorded(folder, found, resolved.classes)?.data ?? found) : found;
  const same = isRunData || fingerprint(dataSet) === resolved.fingerprint;
  // Where a test part was set apart from this very data for the run, wherever the data lies now, that part is it.
  const {
    samples: all,
    part,
    classes,
    notes,
  } = partToEvaluate(same ? await withTestPart(dataSet, recipe.testFraction) : dataSet);
  const samples = withoutFiles(all, new Set(missing));
  if (samples === null) throw new InputError(`${path}: no file of ${partNames[part]} is left`);
  const [received, expected] = [samples.shape.join(" x "), resolved.sampleShape.join(" x ")];
  if (received !== expected)
    throw new InputError(`the samples of ${path} are ${received}; the run was trained on ${expected}`);
  const relabeled = { ...samples, labels: relabel(samples.labels, classes, resolved.classes) };
  return {
    samples: relabeled,
    part,
    name: `${path}, ${partNames[part]}`,
    fingerprint: fingerprintOf(relabeled, run),
    trainedOn: part === "all" && same,
    notes: [...notes, ...missingNotes(missing)],
  };
}

/**
 * The validation part of a run, with the labels that the run was given.
 * @throws InputError for a run without a validation part, and when the data has changed since the run started.
 */
export async function readValidationPart(path: string, run: RunRecipe): Promise<EvaluationData> {
  const { recipe } = run;
  if (recipe.valFraction === undefined && !existsSync(join(path, "checkpoint", "best"))) {
    throw new InputError(
      `${option("data")}: received none, and ${path} held nothing out (no ${option("valFraction")}); expected data that the run was not trained on`,
    );
  }
  const { train, cleanLabels, validationIndices, notes } = await prepareSameData(path, run, {}, "its validation part");
  const samples = samplesAt(train, validationIndices);
  const wrong = validationIndices.filter((i) => cleanLabels !== null && cleanLabels[i] !== train.labels[i]).length;
  return {
    samples,
    part: "validation",
    name: `${recipe.data}, ${partNames.validation}`,
    fingerprint: fingerprintOf(samples, run),
    trainedOn: false,
    notes: [...notes, noiseNote(wrong, validationIndices.length)],
  };
}

function noiseNote(wrong: number, samples: number): string {
  if (wrong === 0) return "the validation part has the labels that training was given: wrong ones count as errors";
  return `${wrong} of the ${samples} labels of the validation part were replaced by noise or ${option("labels")}: predictions that differ from them count as errors`;
}
