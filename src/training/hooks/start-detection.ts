// `startEpoch: auto`: detects memorization from the generalization gap between training and held-out samples.
import { softmaxRows } from "../../metrics/index.js";
import type { HeldOutPredictions } from "../../runs/files/held-out-files.js";
import type { Prepared } from "../../runs/prepare.js";
import type { DetectionEpoch } from "../../runs/progress.js";
import type { Recipe } from "../../runs/recipe/schema.js";
import { type EvaluationParts, evaluateTraining } from "../metrics/evaluation.js";
import { type DetectionSplit, halfwayStart, methodStart, neverStarts, type TargetStart } from "../start/given-start.js";
import { chanceLoss, disagreements, labelsLookRight, lossError, memorizes } from "../start/memorization.js";
import type { EpochHook } from "./hook.js";

/** The parts of a run that detection needs: the trained network, the samples, and the start to set. */
export type DetectionParts = EvaluationParts & { readonly start: TargetStart };

/** Detects the start of a method's targets: the network is evaluated on `split` after each epoch, until it memorizes. */
export function detectStart(split: DetectionSplit, parts: DetectionParts): EpochHook {
  return async ({ prepared, progress }) => {
    if (progress.startEpoch !== null) return none;
    const { recipe, train } = prepared;
    const { measured, heldOut } = await measure(prepared, parts, split);
    const detectionEpochs = [...progress.detectionEpochs, measured];
    const chance = chanceLoss(train.labels, split.train);
    const { startEpoch, note } = decideStart(detectionEpochs, { next: progress.epoch + 1, recipe, chance });
    parts.start.epoch = startEpoch ?? parts.start.epoch;
    return { progress: { detectionEpochs, startEpoch }, notes: note === null ? [] : [note], heldOut };
  };
}

const none = { progress: {}, notes: [] };

/** Evaluates the network on the held-out samples and on as many training samples. */
async function measure(
  prepared: Prepared,
  parts: EvaluationParts,
  split: DetectionSplit,
): Promise<{ measured: DetectionEpoch; heldOut: HeldOutPredictions }> {
  const evaluate = (indices: Int32Array) => evaluateTraining(prepared, parts, indices, parts.model);
  const { loss: trainLoss } = await evaluate(split.trainSubset);
  const { loss: heldOutLoss, indices, logits, labels } = await evaluate(split.heldOut);
  const probabilities = softmaxRows(logits, parts.classes);
  const losses = { trainLoss, heldOutLoss, heldOutError: lossError(logits, labels) };
  return {
    measured: { ...losses, ...disagreements(probabilities, labels) },
    heldOut: { index: indices, probabilities },
  };
}

/** Targets of a network that has memorized nothing by this fraction of training never start. */
const longestWait = 0.75;

/** What an epoch decides; the start is null while it is still looked for, `neverStarts` where targets stay at the labels. */
export interface StartDecision {
  readonly startEpoch: number | null;
  readonly note: string | null;
}

interface Decided {
  /** The next epoch. */
  readonly next: number;
  readonly recipe: Recipe;
  /** The loss of predicting the class frequencies. */
  readonly chance: number;
}

/**
 * The start is the next epoch if the network memorizes; overfitting counts in the first half of training and again at three quarters, as the last epochs, at low learning rates,
 * memorize the most. Where nothing is memorized by then, a method for wrong labels never starts; another one starts at half. Nor does a method for wrong labels start where the
 * labels look right, at the detection or from half on.
 */
export function decideStart(epochs: readonly DetectionEpoch[], { next, recipe, chance }: Decided): StartDecision {
  const { event, forWrongLabels = false } = methodStart(recipe) ?? {};
  const isPastHalf = next >= halfwayStart(recipe.epochs);
  const isLate = next >= longestWait * recipe.epochs;
  const memorizing = memorizes(epochs, chance, !isPastHalf || isLate);
  if (!memorizing && !isPastHalf) return wait;
  if (forWrongLabels && labelsLookRight(epochs)) return never("the labels look right");
  if (forWrongLabels && !memorizing) {
    return isLate ? never("nothing is memorized by three quarters of training") : wait;
  }
  const why = memorizing ? "memorization begins" : "no memorization detected by half of training";
  return { startEpoch: next, note: `${why}: ${event} in epoch ${next}` };
}

const wait: StartDecision = { startEpoch: null, note: null };

const never = (why: string): StartDecision => ({
  startEpoch: neverStarts,
  note: `${why}: targets stay at the labels, and all samples are trained on from now on`,
});
