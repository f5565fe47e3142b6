// `startEpoch: auto`: memorization shows in the part of the fit to training samples that does not carry over to held-out ones.
import { randomFrom } from "../../data/index.js";
import { type MethodStart, methodNamed, optionsOf } from "../../methods/index.js";
import { softmaxRows } from "../../metrics/index.js";
import type { HeldOutPredictions } from "../../runs/files/held-out-files.js";
import type { Prepared } from "../../runs/prepare.js";
import type { Progress, WatchedEpoch } from "../../runs/progress.js";
import type { Recipe } from "../../runs/recipe/schema.js";
import { type EvaluationParts, evaluateTraining } from "../metrics/evaluation.js";
import type { TargetStart } from "../session/create-objective.js";
import type { EpochHook } from "./hook.js";

/** The fraction of the fit to the labels that must be memorized, in two consecutive epochs. */
const memorizedFraction = 0.4;
const epochsRunning = 2;

/** The fraction of the samples held out until the start is detected, and their largest number. */
const watchedFraction = 0.1;
const mostWatched = 2000;

/** Mean losses of fewer samples are too noisy. */
const leastWatched = 100;

/** When a recipe's method changes what it trains on; null for a method that never does. */
export function methodStart(recipe: Recipe): MethodStart | null {
  const method = methodNamed(recipe.objective);
  return method.start?.(optionsOf(method, recipe)) ?? null;
}

/** The latest epoch to start in, detected or not: targets need time to move. */
export function latestStart(epochs: number): number {
  return Math.max(1, Math.floor(epochs / 2));
}

/** The start epoch as the recipe and the data determine it; infinite where it has to be detected. */
export function givenStart(prepared: Prepared): number {
  const { recipe } = prepared;
  const start = methodStart(recipe);
  if (start !== null && start.epoch !== "auto") return start.epoch;
  return drawWatch(prepared) === null ? latestStart(recipe.epochs) : Number.POSITIVE_INFINITY;
}

/**
 * Whether a network has begun to memorize. Its fit to a set of (noisy) labels is how far its cross entropy lies below `chance`,
 * that of knowing only the class frequencies. The fit to training samples that does not carry over to held-out ones is
 * memorized; the network memorizes when that is 40% or more in each of the last two epochs, once it fits held-out samples at all:
 *
 * min(h, chance) - l >= 0.4 (chance - l), with l the loss of training samples and h that of held-out ones.
 *
 * A fraction, because much noise leaves little to fit: at 80% of ten classes held-out loss is 2.28 at best, chance 2.30.
 */
export function memorizes(epochs: readonly WatchedEpoch[], chance: number): boolean {
  const first = epochs.findIndex(({ heldOutLoss }) => heldOutLoss < chance);
  const signs = (first === -1 ? [] : epochs.slice(first)).map(
    ({ trainLoss, heldOutLoss }) =>
      trainLoss < chance && Math.min(heldOutLoss, chance) - trainLoss >= memorizedFraction * (chance - trainLoss),
  );
  return epochs.length > epochsRunning && signs.length >= epochsRunning && signs.slice(-epochsRunning).every(Boolean);
}

/** The entropy of the labels at `index`, in nats: the cross entropy of knowing only the class frequencies. */
export function chanceLoss(labels: Int32Array, index: Int32Array): number {
  const counts = new Map<number, number>();
  for (const sample of index) counts.set(labels[sample] as number, (counts.get(labels[sample] as number) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / index.length) * Math.log(count / index.length), 0);
}

/** The samples trained on until the start is detected, those held out, and training samples to compare them with. */
export interface Watch {
  readonly trained: Int32Array;
  readonly watched: Int32Array;
  /** As many of `trained`. */
  readonly compared: Int32Array;
}

/**
 * The validation part is watched where there is one (2,000 samples of it at the most); else a tenth of the training samples, 2,000 at
 * the most, until the start. Null where there is nothing to detect, or too few samples to detect it by.
 */
export function drawWatch({ recipe, trainIndices, validationIndices }: Prepared): Watch | null {
  if (methodStart(recipe)?.epoch !== "auto" || latestStart(recipe.epochs) >= recipe.epochs) return null;
  const shuffled = (indices: Int32Array) => {
    const order = randomFrom(recipe.seed, "watched").permutation(indices.length);
    return order.map((position) => indices[position] as number);
  };
  const order = shuffled(trainIndices);
  if (validationIndices.length >= leastWatched) {
    const watched = shuffled(validationIndices).subarray(0, mostWatched).sort();
    return { trained: trainIndices, watched, compared: order.subarray(0, watched.length) };
  }
  const count = Math.min(mostWatched, Math.floor(watchedFraction * trainIndices.length));
  if (count < leastWatched) return null;
  const [watched, trained] = [order.subarray(0, count), order.subarray(count)];
  return { trained: trained.toSorted(), watched: watched.toSorted(), compared: trained.subarray(0, count) };
}

/** What detection needs of a run: the network in training, its samples, and the start to set. */
export type DetectionParts = EvaluationParts & { readonly start: TargetStart };

/** Detects the start of a method's targets: the network is evaluated after each epoch, on `watch`, until it memorizes. */
export function detectStart(watch: Watch, parts: DetectionParts): EpochHook {
  return async ({ prepared, progress }) => {
    if (progress.startEpoch !== null) return { progress: {}, notes: [] };
    const detected = await watchEpoch(prepared, parts, watch, progress);
    parts.start.epoch = detected.startEpoch ?? parts.start.epoch;
    const { watched, startEpoch, note, heldOut } = detected;
    return { progress: { watched, startEpoch }, notes: note === null ? [] : [note], heldOut };
  };
}

interface Detection {
  readonly watched: readonly WatchedEpoch[];
  /** The epoch to start in; null while there is no reason to. */
  readonly startEpoch: number | null;
  readonly note: string | null;
  readonly heldOut: HeldOutPredictions;
}

/** Evaluates the network after an epoch; it is time to start from the next one on when it memorizes, or at half of training. */
async function watchEpoch(
  prepared: Prepared,
  parts: EvaluationParts,
  { trained, watched, compared }: Watch,
  { epoch, watched: before }: Progress,
): Promise<Detection> {
  const { recipe, train } = prepared;
  const evaluate = (indices: Int32Array) => evaluateTraining(prepared, parts, indices, parts.model);
  const [{ loss: trainLoss }, others] = [await evaluate(compared), await evaluate(watched)];
  const heldOut = { index: others.indices, probabilities: softmaxRows(others.logits, parts.classes) };
  const epochs = [...before, { trainLoss, heldOutLoss: others.loss }];
  const next = epoch + 1;
  const event = methodStart(recipe)?.event;
  if (memorizes(epochs, chanceLoss(train.labels, trained))) {
    const note = `memorization begins: ${event} in epoch ${next}`;
    return { watched: epochs, startEpoch: next, note, heldOut };
  }
  if (next < latestStart(recipe.epochs)) return { watched: epochs, startEpoch: null, note: null, heldOut };
  const note = `no memorization was seen: ${event} in epoch ${next}, half of training`;
  return { watched: epochs, startEpoch: next, note, heldOut };
}
