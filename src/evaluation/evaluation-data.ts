// The data that a run is evaluated on: given data with the run's classes, or samples that the run held out.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  type DataSet,
  fingerprint,
  givenSplit,
  readDataSet,
  type Samples,
  samplesAt,
  withTestPart,
} from "../data/index.js";
import { InputError } from "../errors.js";
import { option } from "../options/index.js";
import { missingFiles, missingNotes, restoreRecorded, withoutFiles } from "../runs/missing-files.js";
import { prepareSameData } from "../runs/prepare-same-data.js";
import type { RunRecipe } from "../runs/run-folder.js";
import { byRunClasses, type ReadingOptions, readingOptions, requireLabelsRead, requireShape } from "./other-data.js";

export interface EvaluationDataOptions extends ReadingOptions {
  /** Folder or file; its test part is used where it has one, else all of it. */
  readonly data?: string | undefined;
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
  const found = options.dataSet ?? (await readDataSet(path, readingOptions(isRunData, options, run)));
  if (options.dataSet === undefined) requireLabelsRead(options, found);
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
  requireShape(path, samples.shape, run);
  const relabeled = { ...samples, labels: byRunClasses(samples.labels, classes, resolved.classes) };
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
