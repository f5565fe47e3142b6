// From a recipe to the data that a run trains on: read, cut, relabeled, split and described, in that order.
import {
  applyNoise,
  type ChannelStatistics,
  constantImages,
  copiesTogether,
  countClasses,
  type DataSet,
  describeClassWeights,
  filesOf,
  fingerprint,
  givenSplit,
  type PinnedLabel,
  parseClassWeights,
  parseNoise,
  type RecordedFile,
  type Samples,
  type Split,
  stratifiedSplit,
} from "../data/index.js";
import { InputError } from "../errors.js";
import { counted } from "../format.js";
import { methodNamed } from "../methods/index.js";
import { layoutOf, option } from "../options/index.js";
import { givenData, labelsFingerprint, readRecipeData, withPinned } from "./given-data.js";
import { requireDataSet } from "./in-memory-data.js";
import { normalizationFor } from "./normalization.js";
import { idleNotes } from "./recipe/idle-options.js";
import { type ResolvedRecipe, resolveRecipe } from "./recipe/resolve.js";
import type { Recipe } from "./recipe/schema.js";
import { configurationNotes, imagePreparation, withConfiguredNetwork, withConfiguredPixels } from "./weights-config.js";

/** The prepared data of a run. */
export interface Prepared {
  readonly recipe: ResolvedRecipe;
  readonly format: string;
  readonly classes: readonly string[];
  /** All training samples, with the labels and values that are trained on. */
  readonly train: Samples;
  /** Their positions among all training samples of the data: `limitTrain` takes a part. */
  readonly positions: Int32Array;
  /** The labels before noise and relabeling; null if none was changed. */
  readonly cleanLabels: Int32Array | null;
  /** The injected noise, (m, 2) pairs (index, label). */
  readonly noise: Int32Array;
  /** The indices of the training images that noise replaced, ascending. */
  readonly corruptedImages: Int32Array;
  readonly trainIndices: Int32Array;
  /** Held out to choose the best epoch by; empty without a validation part or `valFraction`. */
  readonly validationIndices: Int32Array;
  /** Training samples in no part: `labels` has none for them. */
  readonly leftOut?: ReadonlySet<number>;
  /** The confirmed samples, ascending: their targets stay at their labels. */
  readonly pinned: Int32Array;
  /** The samples of `train` in the validation part of the data itself. */
  readonly dataValidation?: Int32Array | undefined;
  readonly test: Samples | null;
  /** The weight of each class in the loss; null where all count alike. */
  readonly classWeights: readonly number[] | null;
  readonly normalization: ChannelStatistics;
  /** Of the data as it was read. */
  readonly fingerprint: string;
  /** The files of the data as it was read; null for data that is not in files. */
  readonly dataFiles: readonly RecordedFile[] | null;
  /** Of the labels trained on, and of which images noise replaced. */
  readonly labelsFingerprint: string;
  readonly notes: readonly string[];
}

const differ = (a: Int32Array, b: Int32Array) => a.some((label, i) => label !== b[i]);

/** The paper holds out a tenth of the samples to follow the dynamics of training. */
function withDefaultValidation(recipe: Recipe): Recipe {
  const { trackDynamics, valFraction = trackDynamics ? 0.1 : undefined } = recipe;
  return valFraction === undefined ? recipe : { ...recipe, valFraction };
}

/** The names of a data set's classes, and the files of all of it. */
type NoiseFacts = Pick<DataSet, "classes" | "format"> & { readonly files: readonly RecordedFile[] | null };

async function withNoise(recipe: Recipe, samples: Samples, { classes, format, files }: NoiseFacts) {
  const { labels: given } = samples;
  const spec = parseNoise(recipe.noise);
  const unlabeled = given.filter((label) => label < 0).length;
  if (unlabeled > 0 && spec.kind !== "none") {
    throw new InputError(
      `${option("noise", recipe.noise)} is for labeled samples; ${unlabeled} of ${given.length} have no label`,
    );
  }
  const own = new Set(samples.files);
  const otherFiles = spec.kind === "file" ? files?.map(({ file }) => file).filter((file) => !own.has(file)) : undefined;
  return applyNoise({
    samples,
    classes,
    format,
    spec,
    seed: recipe.seed,
    reading: { ...layoutOf(recipe), otherFiles },
  });
}

function samplingNote(counts: readonly number[]): string {
  const [largest, classes] = [Math.max(...counts), counts.filter((count) => count > 0).length];
  const samples = counts.reduce((sum, count) => sum + count, 0);
  return `balanced sampling: ${classes * largest} samples an epoch, ${largest} of each class, from ${samples}`;
}

/** The injected noise without the confirmed samples that are given a label. */
function withoutPinned(noise: Int32Array, pinned: readonly PinnedLabel[]): Int32Array {
  const given = new Set(pinned.filter(({ label }) => label >= 0).map(({ index }) => index));
  return noise.filter((_, at) => !given.has(noise[at - (at % 2)]!));
}

function pinnedNote({ objective }: Recipe, count: number): string {
  const labels = counted(count, "confirmed label");
  const { pinsTargets } = methodNamed(objective);
  return pinsTargets
    ? `${labels}: these targets never move`
    : `${labels}: no effect on ${objective}, whose samples have no targets`;
}

/** The samples for training and validation: the data's validation part, else a fraction of each class. */
async function splitOf({ valFraction, objective, seed }: Recipe, data: DataSet, labels: Int32Array): Promise<Split> {
  const given = givenSplit(data);
  const none = new Int32Array();
  if (given === null && valFraction === undefined) {
    return { train: Int32Array.from(labels.keys()), validation: none, notes: [] };
  }
  if (given === null) {
    const drawn = stratifiedSplit(labels, data.classes, valFraction as number, seed);
    return copiesTogether(drawn, data.train, labels);
  }
  const notes =
    valFraction === undefined ? [] : [`the data has a validation part: no fraction (${valFraction}) was held out`];
  const validation = methodNamed(objective).family === "self-supervised" ? none : given.validation;
  return { ...given, validation, notes };
}

/** @throws InputError for training samples without a label, which readers leave out, where the method needs labels. */
function requireLabeled({ objective }: Recipe, { train }: DataSet): void {
  const unlabeled = train.labels.filter((label) => label < 0).length;
  if (unlabeled === 0 || methodNamed(objective).family === "self-supervised") return;
  throw new InputError(
    `${unlabeled} of ${train.labels.length} training samples have no label (-1), which ${option("objective", objective)} needs; expected data without them`,
  );
}

/**
 * Reads the data of a recipe, or takes it as given, and resolves the open options of the recipe.
 * @throws InputError on anything wrong with the data or with options that do not fit it.
 */
export async function prepare(requested: Recipe, inMemory?: DataSet): Promise<Prepared> {
  const config = await imagePreparation(requested);
  const sized = withConfiguredNetwork(withDefaultValidation(requested), config);
  if (inMemory !== undefined) requireDataSet(inMemory);
  const loaded = inMemory ?? (await readRecipeData(sized));
  requireLabeled(requested, loaded);
  const recipe = withConfiguredPixels(sized, config, loaded.train);
  const configuration = configurationNotes(requested, recipe, config, loaded.train);
  const { dataSet, complete, labels: given, notes, ...marked } = await givenData(recipe, loaded);
  const { leftOut, pinned, positions } = marked;
  const { train, classes } = dataSet;
  if (recipe.stream === "always" && train.kind !== "streamed") {
    throw new InputError(
      `${option("stream", "always")} is for images in files; this data (${dataSet.format}) is read into memory`,
    );
  }
  const constant = inMemory === undefined ? await constantImages(complete.train) : [];
  const files = filesOf(loaded);
  const noisy = await withNoise(recipe, { ...train, labels: given }, { ...dataSet, files });
  const { corruptedImages } = noisy;
  const labels = withPinned(noisy.samples.labels, pinned);
  const split = await splitOf(recipe, dataSet, labels);
  const [trainIndices, validationIndices] = [split.train, split.validation].map((part) =>
    part.filter((i) => !leftOut.has(i)),
  ) as [Int32Array, Int32Array];
  const counts = countClasses(labels, trainIndices, classes.length);
  const classWeights =
    recipe.classWeights === undefined ? null : parseClassWeights(recipe.classWeights, classes, counts);
  const balance = [
    ...(classWeights === null ? [] : [describeClassWeights(classWeights, classes)]),
    ...(recipe.sampling === "plain" ? [] : [samplingNote(counts)]),
    ...(pinned.length === 0 ? [] : [pinnedNote(recipe, pinned.length)]),
  ];
  const resolved = resolveRecipe(recipe, train, trainIndices.length, {
    hasValidation: validationIndices.length > 0,
    classes: classes.length,
    format: dataSet.format,
  });
  return {
    recipe: resolved,
    format: dataSet.format,
    classes,
    train: { ...noisy.samples, labels },
    positions,
    cleanLabels: differ(labels, train.labels) ? train.labels : null,
    noise: withoutPinned(noisy.changed, pinned),
    corruptedImages,
    trainIndices,
    validationIndices,
    leftOut,
    pinned: Int32Array.from(pinned, ({ index }) => index),
    dataValidation: dataSet.validation,
    test: dataSet.test,
    classWeights,
    normalization: await normalizationFor(recipe, complete, train),
    fingerprint: fingerprint(loaded),
    dataFiles: files,
    labelsFingerprint: labelsFingerprint(labels, corruptedImages, marked),
    notes: [
      ...new Set([
        ...configuration,
        ...notes,
        ...constant,
        ...split.notes,
        ...balance,
        ...idleNotes(resolved, classes.length),
      ]),
    ],
  };
}
