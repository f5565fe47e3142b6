// Cross-validation: predictions for every training sample by a network that was not trained on it.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { writeFileAtomic } from "../atomic-files.js";
import {
  copiesInOneFold,
  type DataSet,
  groupsOfCopies,
  type Samples,
  samplesAt,
  stratifiedFolds,
  writeNpy,
} from "../data/index.js";
import { InputError } from "../errors.js";
import { inspectRun } from "../evaluation/index.js";
import { predictions, softmaxRows } from "../metrics/index.js";
import { option } from "../options/index.js";
import { readNewestCheckpoint } from "../runs/checkpoint.js";
import { type Prepared, prepare } from "../runs/prepare.js";
import { parseRecipe, type Recipe, type RecipeInput } from "../runs/recipe/schema.js";
import { isFinished, isRun, readRunRecipe } from "../runs/run-folder.js";
import type { TrainingListener } from "./events.js";
import { train } from "./train.js";

export interface CrossValidateOptions {
  /** Parts, each predicted by a network that was trained on the others (default: 5). */
  readonly folds?: number;
  /** The folder of the runs `fold-0`, `fold-1`, ...; those found there are resumed, finished ones are not trained again. */
  readonly runs: string;
  /** Data in memory, in the place of the recipe's. */
  readonly dataSet?: DataSet | undefined;
  readonly listeners?: readonly TrainingListener[] | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called when a fold begins. */
  readonly onFold?: (fold: number, folds: number) => void;
  /** Called with notes for the user. */
  readonly onNote?: (text: string) => void;
}

export interface CrossValidation {
  readonly classes: readonly string[];
  /** -1 for samples that a file of labels leaves out. */
  readonly labels: Int32Array;
  /** The labels before noise; null where it changed none. */
  readonly cleanLabels: Int32Array | null;
  readonly files: readonly string[] | undefined;
  /** (n, classes): softmax of the network that did not see the sample; 1 / classes where its image cannot be decoded. */
  readonly probabilities: Float32Array;
  /** The fold of each sample. */
  readonly folds: Int32Array;
  /** The fraction of the labels that are predicted, of labeled samples whose images can be decoded. */
  readonly accuracy: number;
}

/**
 * Trains one network a fold and predicts every training sample by the network that was not trained on it: the out-of-sample
 * probabilities that confident learning needs (Northcutt et al. 2021, arXiv 1911.00068), at the cost of `folds` trainings.
 *
 * Folds are stratified by class and drawn by the recipe's seed; copies are in one fold (`groupsOfCopies`). The recipe's noise is applied once, before the folds are cut.
 * Returns null where the signal stopped it; the same call resumes.
 * @throws InputError for a recipe or data that `train` refuses, and for folds of another recipe or data in `runs`.
 */
export async function crossValidate(
  input: Partial<RecipeInput>,
  { folds: count = 5, runs, dataSet, listeners = [], signal, onFold, onNote }: CrossValidateOptions,
): Promise<CrossValidation | null> {
  const recipe = parseRecipe(dataSet === undefined ? input : { data: "(in memory)", ...input });
  requireWatched(recipe);
  const { train: samples, classes, format, cleanLabels, pinned, ...split } = await prepare(recipe, dataSet);
  const used = new Set([...split.trainIndices, ...split.validationIndices]);
  const drawn = stratifiedFolds(samples.labels, classes.length, count, recipe.seed);
  const { folds, moved } = copiesInOneFold(drawn, samples.labels, await groupsOfCopies(samples, samples.labels));
  if (moved > 0) onNote?.(`copies stay in one fold: ${moved} samples changed folds`);
  const probabilities = new Float32Array(samples.labels.length * classes.length).fill(Number.NaN);
  for (let fold = 0; fold < count; fold++) {
    onFold?.(fold, count);
    const out = join(runs, `fold-${fold}`);
    const trained = Int32Array.from(folds.keys()).filter((i) => folds[i] !== fold && used.has(i));
    const predicted = Int32Array.from(folds.keys()).filter((i) => folds[i] === fold);
    const parts = { train: samplesAt(samples, trained), test: samplesAt(samples, predicted) };
    const part = { format, classes, ...parts, notes: [] };
    const own = { ...recipeOfFold(recipe), ...pinnedOfFold(join(runs, `pinned-${fold}.npy`), pinned, trained) };
    const resume = isRun(out) && (isFinished(out) || readNewestCheckpoint(out) !== null);
    if (resume) requireSameFold(out, await prepare(parseRecipe(own), part));
    const options = { out, dataSet: part, resume, listeners: isFinished(out) ? [] : listeners, signal };
    const { summary, prepared } = await train(resume ? {} : own, options);
    if (summary === null) return null;
    const { test } = await inspectRun(out, { prepared });
    const found = softmaxRows(test!.logits, classes.length);
    readableRows(samples, predicted, test!.files).forEach((sample, row) => {
      probabilities.set(found.subarray(row * classes.length, (row + 1) * classes.length), sample * classes.length);
    });
  }
  const labels = samples.labels.map((label, i) => (used.has(i) ? label : -1));
  const { files } = samples;
  const accuracy = accuracyOf(probabilities, labels, classes.length);
  const known = probabilities.map((p) => (Number.isNaN(p) ? 1 / classes.length : p));
  return { classes, labels, cleanLabels, files, probabilities: known, folds, accuracy };
}

/** @throws InputError for patience without a part that each fold holds out: a validation part of the data is predicted like the rest of it. */
function requireWatched({ patience, valFraction, trackDynamics }: Recipe): void {
  if (patience === undefined || valFraction !== undefined || trackDynamics) return;
  throw new InputError(
    `${option("patience", patience)} watches a validation part, which each fold holds out of its own samples; give ${option("valFraction")} too, such as 0.1`,
  );
}

/** Keys that say how data is read and changed, which is done before the folds are cut. */
const keysOfReading: ReadonlySet<string> = new Set(
  "data format labels noise limitTrain testFraction stream pinned fileColumn labelColumn splitColumn classes trainDir".split(
    " ",
  ),
);

/** The recipe for data that is cut and relabeled already. */
function recipeOfFold(recipe: Recipe): Partial<RecipeInput> {
  const own = Object.entries(recipe).filter(([key]) => !keysOfReading.has(key));
  // Patience is by what is evaluated; without it nothing needs to be before the end.
  const { epochs, evalEvery, patience } = recipe;
  const evaluated = patience === undefined ? epochs : evalEvery;
  return { ...Object.fromEntries(own), data: "(in memory)", evalEvery: evaluated };
}

/** The confirmed samples among those that a fold is trained on, by their indices there, in a file; their labels are applied already. */
function pinnedOfFold(file: string, pinned: Int32Array, trained: Int32Array): Partial<RecipeInput> {
  const confirmed = new Set(pinned);
  const indices = Int32Array.from(trained.keys()).filter((row) => confirmed.has(trained[row]!));
  if (indices.length === 0) return {};
  mkdirSync(dirname(file), { recursive: true });
  writeFileAtomic(file, writeNpy(indices));
  return { pinned: file };
}

/** @throws InputError for a fold of another cut, or that was trained by another recipe. */
function requireSameFold(run: string, { recipe: requested, trainIndices }: Prepared): void {
  const { recipe: is, resolved } = readRunRecipe(run);
  if (resolved.trainSize !== trainIndices.length) {
    throw new InputError(
      `${run} was trained on ${resolved.trainSize} samples, this fold has ${trainIndices.length}: expected the same data and number of folds, or another ${option("runs", "FOLDER")}`,
    );
  }
  const keys = Object.keys({ ...is, ...requested }) as (keyof Recipe)[];
  const other = keys.find((key) => !isDeepStrictEqual(is[key], requested[key]));
  if (other === undefined) return;
  throw new InputError(
    `${run} was trained with ${other} ${is[other] ?? "unset"}; received ${other} ${requested[other] ?? "unset"}: expected the same recipe, or another ${option("runs", "FOLDER")}`,
  );
}

/** The samples of a fold that were predicted, in order: those of files that cannot be decoded are missing. */
function readableRows(samples: Samples, own: Int32Array, files: readonly string[] | undefined): Int32Array {
  if (files === undefined || files.length === own.length) return own;
  const predicted = new Set(files);
  return own.filter((i) => predicted.has(samples.files![i]!));
}

function accuracyOf(probabilities: Float32Array, labels: Int32Array, classes: number): number {
  const predicted = predictions(probabilities, labels.length, classes);
  const isKnown = (i: number) => labels[i]! >= 0 && !Number.isNaN(probabilities[i * classes]!);
  const labeled = Array.from(labels.keys()).filter(isKnown);
  return labeled.filter((i) => predicted[i] === labels[i]).length / Math.max(1, labeled.length);
}
