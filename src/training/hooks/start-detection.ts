// `startEpoch: auto`: detects memorization from the generalization gap between training and held-out samples.
import { randomFrom } from "../../data/index.js";
import { confidentDisagreement } from "../../issues/labels/rate/confident-disagreement.js";
import { type MethodStart, methodNamed, optionsOf } from "../../methods/index.js";
import { negativeLogLikelihoods, softmaxRows, spreadOf, standardErrorOf } from "../../metrics/index.js";
import type { HeldOutPredictions } from "../../runs/files/held-out-files.js";
import type { Prepared } from "../../runs/prepare.js";
import type { DetectionEpoch, Progress } from "../../runs/progress.js";
import type { Recipe } from "../../runs/recipe/schema.js";
import { type EvaluationParts, evaluateTraining } from "../metrics/evaluation.js";
import type { EpochHook } from "./hook.js";

/** The epoch from which targets move; infinite until it is detected. */
export interface TargetStart {
  epoch: number;
}

/** The fraction of the fit to the labels that must be memorized. */
const memorizedFraction = 0.4;

/** Signs of memorization must show in so many epochs in a row. */
const consecutiveEpochs = 2;

/** A network is learning fast where its best fit to held-out samples grows by so much in so many epochs. */
const learningGrowth = 1.1;
const learningEpochs = 3;

/** Held-out samples are fitted where their loss is below chance by so many standard errors. */
const fittedErrors = 2;

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

/** Targets of a network that has memorized nothing by this fraction of training never start. */
const longestWait = 0.75;

/** The start epoch if recipe and data determine it; infinite if it has to be detected. */
export function givenStart(prepared: Prepared): number {
  const { recipe } = prepared;
  const start = methodStart(recipe);
  if (start !== null && start.epoch !== "auto") return start.epoch;
  return splitForDetection(prepared) === null ? halfwayStart(recipe.epochs) : Number.POSITIVE_INFINITY;
}

/**
 * Whether a network has begun to memorize. Its fit to a set of (noisy) labels is the reduction of its cross entropy below `chance`, that of predicting the
 * class frequencies. With l the loss of training samples and h that of held-out ones, s its standard error, it memorizes where it has learned (chance - h > 2 s in some
 * epoch) and no longer learns fast, and generalizes worse than before or, in the first half of training, overfits.
 */
export function memorizes(epochs: readonly DetectionEpoch[], chance: number, halfway: boolean): boolean {
  const hasLearned = epochs.some(({ heldOutLoss, heldOutError }) => chance - heldOutLoss > fittedErrors * heldOutError);
  if (!hasLearned || learnsFast(epochs, chance)) return false;
  return generalizesWorse(epochs) || (!halfway && overfits(epochs, chance));
}

const lowestLoss = (epochs: readonly DetectionEpoch[]) => Math.min(...epochs.map(({ heldOutLoss }) => heldOutLoss));

/**
 * Whether the best fit to held-out samples, chance - h, has grown by more than a tenth in the last three epochs; so it is taken to have in the first three.
 * Predictions are then worse than the labels that they would replace.
 */
function learnsFast(epochs: readonly DetectionEpoch[], chance: number): boolean {
  if (epochs.length <= learningEpochs) return true;
  const bestFit = (seen: readonly DetectionEpoch[]) => chance - lowestLoss(seen);
  return bestFit(epochs) > learningGrowth * bestFit(epochs.slice(0, -learningEpochs));
}

/**
 * Whether training samples are fitted better than before and held-out ones worse: in both of the last epochs l is below its lowest before, and h above its
 * lowest by more than s. A high learning rate moves both losses up and down together.
 */
function generalizesWorse(epochs: readonly DetectionEpoch[]): boolean {
  const before = epochs.slice(0, -consecutiveEpochs);
  const lowestTrain = Math.min(...before.map(({ trainLoss }) => trainLoss));
  const lowest = lowestLoss(before);
  const last = epochs.slice(-consecutiveEpochs);
  return last.every(
    ({ trainLoss, heldOutLoss, heldOutError }) => trainLoss < lowestTrain && heldOutLoss - lowest > heldOutError,
  );
}

/**
 * Whether 40% or more of the fit to training samples does not carry over to others, in both of the last epochs, h not being its lowest:
 *
 * min(h, chance) - l >= 0.4 (chance - l)
 *
 * It shows before generalization gets worse, but not only where it will: with time the fit to training samples outgrows that to others in any training. It is a
 * fraction because heavy noise leaves little to fit: with 80% noise and ten classes h is at best 2.28, chance 2.30.
 */
function overfits(epochs: readonly DetectionEpoch[], chance: number): boolean {
  const signs = epochs.map(
    ({ trainLoss, heldOutLoss }, i) =>
      heldOutLoss > lowestLoss(epochs.slice(0, i)) &&
      trainLoss < chance &&
      Math.min(heldOutLoss, chance) - trainLoss >= memorizedFraction * (chance - trainLoss),
  );
  return signs.slice(-consecutiveEpochs).every(Boolean);
}

/** The standard error of the mean cross entropy of logits (n, classes) with the labels. */
const lossError = (logits: Float32Array, labels: Int32Array) =>
  standardErrorOf(spreadOf([...negativeLogLikelihoods(logits, labels)])!) ?? Number.POSITIVE_INFINITY;

/** The entropy of the labels at `index`, in nats: the cross entropy of predicting the class frequencies. */
export function chanceLoss(labels: Int32Array, index: Int32Array): number {
  const counts = new Map<number, number>();
  for (const sample of index) counts.set(labels[sample] as number, (counts.get(labels[sample] as number) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / index.length) * Math.log(count / index.length), 0);
}

/** The most confident predictions, as a fraction of each predicted class, and how much less often than all they must be wrong. */
const confidentFraction = 0.05;
const rightAgreement = 0.25;

/** Disagreement is averaged over so many of the last epochs: few predictions are that confident. */
const averagedEpochs = 3;

/**
 * Whether the labels of held-out samples look right: a network errs less where it is confident, but wrong labels contradict its confident
 * predictions as often as others. With d(f) the disagreement with the labels among the most confident fraction f of each predicted
 * class, on average over the last three epochs: d(0.05) < d(1) / 4.
 */
export function labelsLookRight(epochs: readonly DetectionEpoch[]): boolean {
  const last = epochs.slice(-averagedEpochs);
  const total = (read: (epoch: DetectionEpoch) => number) => last.reduce((sum, epoch) => sum + read(epoch), 0);
  return total((epoch) => epoch.confidentDisagreement) < rightAgreement * total((epoch) => epoch.disagreement);
}

/** The two disagreements of an epoch: of held-out samples' class probabilities, (n, classes), with their labels. */
export function disagreements(probabilities: Float32Array, labels: Int32Array) {
  const among = (fraction: number) =>
    confidentDisagreement(probabilities, labels, probabilities.length / labels.length, fraction);
  return { disagreement: among(1), confidentDisagreement: among(confidentFraction) };
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

/** The parts of a run that detection needs: the trained network, the samples, and the start to set. */
export type DetectionParts = EvaluationParts & { readonly start: TargetStart };

/** Detects the start of a method's targets: the network is evaluated on `split` after each epoch, until it memorizes. */
export function detectStart(split: DetectionSplit, parts: DetectionParts): EpochHook {
  return async ({ prepared, progress }) => {
    if (progress.startEpoch !== null) return { progress: {}, notes: [] };
    const detected = await checkEpoch(prepared, parts, split, progress);
    parts.start.epoch = detected.startEpoch ?? parts.start.epoch;
    const { epochs, startEpoch, note, heldOut } = detected;
    return { progress: { detectionEpochs: epochs, startEpoch }, notes: note === null ? [] : [note], heldOut };
  };
}

interface Detection {
  readonly epochs: readonly DetectionEpoch[];
  /** The detected start epoch; null before. */
  readonly startEpoch: number | null;
  readonly note: string | null;
  readonly heldOut: HeldOutPredictions;
}

/**
 * Evaluates the network after an epoch; the start is the next epoch if it memorizes. Where nothing is memorized, a method for wrong labels never starts, from three
 * quarters of training on, and another one starts at half. Nor does a method for wrong labels start where the labels look right, at the detection or at half.
 */
async function checkEpoch(
  prepared: Prepared,
  parts: EvaluationParts,
  split: DetectionSplit,
  { epoch, detectionEpochs }: Progress,
): Promise<Detection> {
  const { recipe, train } = prepared;
  const evaluate = (indices: Int32Array) => evaluateTraining(prepared, parts, indices, parts.model);
  const { loss: trainLoss } = await evaluate(split.trainSubset);
  const { loss: heldOutLoss, indices, logits, labels } = await evaluate(split.heldOut);
  const heldOut = { index: indices, probabilities: softmaxRows(logits, parts.classes) };
  const heldOutError = lossError(logits, labels);
  const measured = { trainLoss, heldOutLoss, heldOutError, ...disagreements(heldOut.probabilities, labels) };
  const epochs = [...detectionEpochs, measured];
  const next = epoch + 1;
  const { event, forWrongLabels = false } = methodStart(recipe) ?? {};
  const chance = chanceLoss(train.labels, split.train);
  const halfway = next >= halfwayStart(recipe.epochs);
  const memorizing = memorizes(epochs, chance, halfway);
  const wait = { epochs, startEpoch: null, note: null, heldOut };
  const never = (why: string) => {
    const note = `${why}: targets stay at the labels, and all samples are trained on from now on`;
    return { epochs, startEpoch: neverStarts, note, heldOut };
  };
  if (!memorizing && !halfway) return wait;
  if (forWrongLabels && labelsLookRight(epochs)) return never("the labels look right");
  if (forWrongLabels && !memorizing) {
    return next < longestWait * recipe.epochs ? wait : never("nothing is memorized by three quarters of training");
  }
  const note = memorizing
    ? `memorization begins: ${event} in epoch ${next}`
    : `no memorization detected by half of training: ${event} in epoch ${next}`;
  return { epochs, startEpoch: next, note, heldOut };
}
