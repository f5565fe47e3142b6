// The start of a method's targets: given by the recipe, or to be detected, and the samples that are held out for that.
import { randomFrom } from "../../data/index.js";
import { type MethodStart, methodNamed, optionsOf } from "../../methods/index.js";
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

/** The start epoch of a run whose targets never move. */
export const neverStarts = Number.MAX_SAFE_INTEGER;

/** When the recipe's method starts to differ from cross entropy; null for a method that never does. */
export function methodStart(recipe: Recipe): MethodStart | null {
  const method = methodNamed(recipe.objective);
  return method.start?.(optionsOf(method, recipe)) ?? null;
}

/** The start where too few samples can be held out to detect one, and of a method for more than wrong labels that has memorized nothing by then. */
export function halfwayStart(epochs: number): number {
  return Math.max(1, Math.floor(epochs / 2));
}

/** The start epoch if recipe and data determine it; infinite if it has to be detected. */
export function givenStart(prepared: Prepared): number {
  const { recipe } = prepared;
  const start = methodStart(recipe);
  if (start !== null && start.epoch !== "auto") return start.epoch;
  return splitForDetection(prepared) === null ? halfwayStart(recipe.epochs) : Number.POSITIVE_INFINITY;
}

/**
 * The start that a new run has by its number of epochs, where too few samples are held out to detect one; else null. It is recorded: more epochs would
 * move it, and targets that have moved would stand still again.
 */
export function startByEpochs(prepared: Prepared): number | null {
  const isOpen = methodStart(prepared.recipe)?.epoch === "auto" && splitForDetection(prepared) === null;
  return isOpen ? halfwayStart(prepared.recipe.epochs) : null;
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

/**
 * Holds out the validation part, if there is one (at most 2,000 samples of it); otherwise a tenth of the training samples (at
 * most 2,000), until the start. Null if there is nothing to detect, or if there are too few samples.
 */
export function splitForDetection({ recipe, trainIndices, validationIndices }: Prepared): DetectionSplit | null {
  if (methodStart(recipe)?.epoch !== "auto" || halfwayStart(recipe.epochs) >= recipe.epochs) return null;
  const shuffled = (indices: Int32Array) => {
    const order = randomFrom(recipe.seed, "held-out").permutation(indices.length);
    return order.map((position) => indices[position] as number);
  };
  const order = shuffled(trainIndices);
  if (validationIndices.length >= minHeldOut) {
    const heldOut = shuffled(validationIndices).subarray(0, maxHeldOut).sort();
    return { train: trainIndices, heldOut, trainSubset: order.subarray(0, heldOut.length) };
  }
  const count = Math.min(maxHeldOut, Math.floor(heldOutFraction * trainIndices.length));
  if (count < minHeldOut) return null;
  const [heldOut, train] = [order.subarray(0, count), order.subarray(count)];
  return { train: train.toSorted(), heldOut: heldOut.toSorted(), trainSubset: train.subarray(0, count) };
}
