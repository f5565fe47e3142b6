// The data of a recipe with the labels that it gives, cut to size, before noise and splits.
import { createHash } from "node:crypto";
import {
  type DataSet,
  limitTraining,
  type PinnedLabel,
  readDataSet,
  readLabels,
  readPinned,
  type Samples,
  selectTraining,
  withTestPart,
} from "../data/index.js";
import { counted } from "../format.js";
import { methodNamed } from "../methods/index.js";
import { layoutOf } from "../options/index.js";
import type { Recipe } from "./recipe/schema.js";

/** The data that a recipe names, its training part cut to size. */
export interface GivenData {
  readonly dataSet: DataSet;
  /** The same with all training samples. */
  readonly complete: DataSet;
  /** The positions of the training samples among all of them. */
  readonly positions: Int32Array;
  /** The given labels of the training samples; samples to leave out have the data's own. */
  readonly labels: Int32Array;
  /** Samples that `labels` leaves out: they are in no part. */
  readonly leftOut: ReadonlySet<number>;
  /** The confirmed samples, ascending, with the class numbers that the file gives; -1 where it gives none. */
  readonly pinned: readonly PinnedLabel[];
  readonly notes: readonly string[];
}

/** The data of a recipe, as its options say; deep images by the ranges given. @throws InputError as `readDataSet` does. */
export function readRecipeData(recipe: Recipe, depthRanges?: Samples["depthRanges"]): Promise<DataSet> {
  const { format, imageSize, strict, labels: labelsFile } = recipe;
  return readDataSet(recipe.data, {
    strict,
    stream: recipe.stream,
    unlabeled: methodNamed(recipe.objective).family === "self-supervised",
    ...(format !== undefined && { format }),
    ...(imageSize !== undefined && { imageSize }),
    ...(labelsFile !== undefined && { labelsFile }),
    ...(depthRanges && { depthRanges }),
    ...layoutOf(recipe),
  });
}

/** Splits off a test part, replaces the labels and cuts the training part, as a recipe says. @throws InputError as `readLabels` does. */
export async function givenData(recipe: Recipe, loaded: DataSet): Promise<GivenData> {
  const complete = await withTestPart(loaded, recipe.testFraction);
  const given = await givenLabels(recipe, complete);
  const limit = limitTraining(complete, recipe.limitTrain, recipe.seed);
  const dataSet = selectTraining(complete, limit.indices);
  const selected = limit.indices.map((i) => given.labels[i]!);
  const { labels, leftOut } = withoutLeftOut(selected, dataSet.train);
  const left =
    leftOut.size === 0 ? [] : [`left out: ${counted(leftOut.size, "sample")} without a label in ${recipe.labels}`];
  const pinned = await pinnedSamples(recipe, complete, limit.indices);
  const notes = [...complete.notes, ...given.notes, ...left, ...limit.notes];
  return {
    dataSet,
    complete,
    positions: limit.indices,
    labels,
    leftOut,
    pinned: pinned.filter(({ index }) => !leftOut.has(index)),
    notes,
  };
}

/** Those among the chosen samples, by their positions there. */
async function pinnedSamples(recipe: Recipe, { train, test, classes }: DataSet, chosen: Int32Array) {
  if (recipe.pinned === undefined) return [];
  const samples = { labels: train.labels, files: train.files, otherFiles: test?.files };
  const pinned = await readPinned(recipe.pinned, samples, classes, layoutOf(recipe));
  const positions = new Map(Array.from(chosen, (sample, position) => [sample, position]));
  return pinned.flatMap((row) => {
    const index = positions.get(row.index);
    return index === undefined ? [] : [{ ...row, index }];
  });
}

/** The labels with those that confirmed samples are given, whatever noise was added. */
export function withPinned(labels: Int32Array, pinned: readonly PinnedLabel[]): Int32Array {
  const confirmed = labels.slice();
  for (const { index, label } of pinned) if (label >= 0) confirmed[index] = label;
  return confirmed;
}

/** The training labels, replaced by those of `labels` where it is given; -1 for samples that it leaves out. */
async function givenLabels(recipe: Recipe, { train, test, classes, labelsFile }: DataSet) {
  const { labels, files } = train;
  if (recipe.labels === undefined || labelsFile !== undefined) return { labels, notes: [] };
  const samples = { labels, files, otherFiles: test?.files };
  return readLabels(recipe.labels, samples, classes, { canLeaveOut: true, ...layoutOf(recipe) });
}

function withoutLeftOut(given: Int32Array, { labels: own }: Samples) {
  const leftOut = new Set(Array.from(given.keys()).filter((i) => given[i]! < 0 && own[i]! >= 0));
  return { leftOut, labels: given.map((label, i) => (leftOut.has(i) ? own[i]! : label)) };
}

/** Of the labels trained on, which images noise replaced, which samples are in no part, and which are confirmed. */
export function labelsFingerprint(
  labels: Int32Array,
  corrupted: Int32Array,
  { leftOut, pinned }: Pick<GivenData, "leftOut" | "pinned">,
): string {
  const hash = createHash("sha256").update(labels).update(corrupted).update(Int32Array.from(leftOut));
  hash.update(Int32Array.from(pinned, ({ index }) => index));
  return hash.digest("hex").slice(0, 16);
}
