// The start of a method's targets: given by the recipe, or to be detected, and the samples that are held out for that.
import { randomFrom } from "../../data/index.js";
import { counted } from "../../format.js";
import { type MethodStart, methodNamed, optionsOf } from "../../methods/index.js";
import { option } from "../../options/index.js";
import type { Prepared } from "../../runs/prepare.js";
import type { Progress } from "../../runs/progress.js";
import type { Recipe } from "../../runs/recipe/schema.js";

/** The epoch from which targets move; infinite until it is detected. */
export interface TargetStart {
  epoch: number;
}

/** The fraction of the samples held out until the start is detected, and their largest number. */
const heldOutFraction = 0.1;
const maxHeldOut = 2000;

/** Mean losses of fewer samples are too noisy. */
const minHeldOut = 100;

/** Fewer epochs are over before anything is detected. */
const fewestEpochs = 4;

/** The start epoch of a run whose targets never move. */
export const neverStarts = Number.MAX_SAFE_INTEGER;

/** When the recipe's method starts to differ from cross entropy; null for a method that never does. */
export function methodStart(recipe: Recipe): MethodStart | null {
  const method = methodNamed(recipe.objective);
  return method.start?.(optionsOf(method, recipe)) ?? null;
}

/** The start of a method for more than wrong labels where none is detected. */
export function halfwayStart(epochs: number): number {
  return Math.max(1, Math.floor(epochs / 2));
}

/** The start epoch if recipe and data determine it; infinite if it has to be detected. */
export function givenStart(prepared: Prepared): number {
  const start = methodStart(prepared.recipe);
  if (start !== null && start.epoch !== "auto") return start.epoch;
  return undetectedStart(prepared) ?? Number.POSITIVE_INFINITY;
}

/**
 * The start of a new run where too few samples can be held out to detect one, or there are too few epochs; else null. It is recorded: more epochs would
 * move it, and targets that have moved would stand still again. Targets of a method for wrong labels never start: without samples held out nothing says
 * whether the labels or the predictions are right.
 */
export function undetectedStart(prepared: Prepared): number | null {
  const { recipe } = prepared;
  const start = methodStart(recipe);
  if (start?.epoch !== "auto" || heldOutCount(prepared) > 0) return null;
  return start.forWrongLabels ? neverStarts : halfwayStart(recipe.epochs);
}

/** A line for a run whose targets never start, because the start can't be detected. */
export function undetectedNotes(prepared: Prepared): string[] {
  if (undetectedStart(prepared) !== neverStarts) return [];
  const { epochs } = prepared.recipe;
  const reason =
    epochs < fewestEpochs
      ? `training of ${counted(epochs, "epoch")} is over before memorization is detected`
      : `${counted(prepared.trainIndices.length, "training sample")} are too few to detect memorization (fewer than ${minHeldOut / heldOutFraction})`;
  return [`${reason}: targets stay at the labels; ${option("startEpoch", "N")} moves them from epoch N on`];
}

/**
 * The progress of a run that more epochs are given to: where targets have not started yet, and the samples held out were never trained on, the
 * start is looked for again, as what was decided is by the number of epochs before.
 */
export function withOpenStart(progress: Progress, prepared: Prepared): Progress {
  const { epoch, startEpoch, detectionEpochs } = progress;
  const split = splitForDetection(prepared);
  if (split === null || startEpoch === null || startEpoch < epoch) return progress;
  const isUntouched = split.train === prepared.trainIndices || detectionEpochs.length === epoch;
  return isUntouched ? { ...progress, startEpoch: null } : progress;
}

/** The samples trained on until the start is detected, those held out, and training samples to compare them with. */
export interface DetectionSplit {
  readonly train: Int32Array;
  readonly heldOut: Int32Array;
  /** As many of `train` as are held out. */
  readonly trainSubset: Int32Array;
}

/** How many samples are held out to detect the start; 0 if there is nothing to detect, or if there are too few samples or epochs. */
function heldOutCount({ recipe, trainIndices, validationIndices }: Prepared): number {
  const start = methodStart(recipe);
  if (start?.epoch !== "auto" || halfwayStart(recipe.epochs) >= recipe.epochs) return 0;
  if (start.forWrongLabels && recipe.epochs < fewestEpochs) return 0;
  const { length } = validationIndices;
  const available = length >= minHeldOut ? length : Math.floor(heldOutFraction * trainIndices.length);
  return available < minHeldOut ? 0 : Math.min(maxHeldOut, available);
}

/**
 * Holds out the validation part, if it has 100 samples (at most 2,000 of it); otherwise a tenth of the training samples (at most 2,000), until the
 * start. Null if there is nothing to detect, or if there are too few samples or epochs.
 */
export function splitForDetection(prepared: Prepared): DetectionSplit | null {
  const { recipe, trainIndices, validationIndices } = prepared;
  const count = heldOutCount(prepared);
  if (count === 0) return null;
  const shuffled = (indices: Int32Array) => {
    const order = randomFrom(recipe.seed, "held-out").permutation(indices.length);
    return order.map((position) => indices[position] as number);
  };
  const order = shuffled(trainIndices);
  if (validationIndices.length >= minHeldOut) {
    const heldOut = shuffled(validationIndices).subarray(0, count).toSorted();
    return { train: trainIndices, heldOut, trainSubset: order.subarray(0, count) };
  }
  const [heldOut, train] = [order.subarray(0, count), order.subarray(count)];
  return { train: train.toSorted(), heldOut: heldOut.toSorted(), trainSubset: train.subarray(0, count) };
}
