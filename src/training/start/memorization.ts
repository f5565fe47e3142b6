// Whether a network memorizes labels, and whether they look right: from the losses and predictions of training and held-out samples.
import { confidentDisagreement } from "../../issues/labels/rate/confident-disagreement.js";
import { negativeLogLikelihoods, spreadOf, standardErrorOf } from "../../metrics/index.js";
import type { DetectionEpoch } from "../../runs/progress.js";

/** The fraction of the fit to the labels that must be memorized. */
const memorizedFraction = 0.4;

/** Signs of memorization must show in so many epochs in a row. */
const consecutiveEpochs = 2;

/** A network is learning fast where its best fit to held-out samples grows by so much in so many epochs. */
const learningGrowth = 1.1;
const learningEpochs = 3;

/** Samples are fitted where their loss is below chance by so many standard errors. */
const fittedErrors = 2;

/**
 * Whether a network has begun to memorize. Its fit to a set of (noisy) labels is the reduction of its cross entropy below `chance`, that of predicting the
 * class frequencies. With l the loss of training samples and h that of held-out ones, s its standard error, it memorizes where it has learned (chance - h > 2 s in some
 * epoch) or is worse than chance, no longer learns fast, and generalizes worse than before or, where that counts, overfits.
 */
export function memorizes(epochs: readonly DetectionEpoch[], chance: number, overfittingCounts: boolean): boolean {
  const hasLearned = epochs.some(({ heldOutLoss, heldOutError }) => chance - heldOutLoss > fittedErrors * heldOutError);
  if (!(hasLearned || isWorseThanChance(epochs, chance)) || learnsFast(epochs, chance)) return false;
  return generalizesWorse(epochs) || (overfittingCounts && overfits(epochs, chance));
}

/**
 * Whether in both of the last epochs chance - l > 2 s and h - chance > s: with 80% wrong labels held-out samples may never be fitted, while those of training are memorized. A network
 * that has learned nothing at all is no worse than chance.
 */
function isWorseThanChance(epochs: readonly DetectionEpoch[], chance: number): boolean {
  return epochs
    .slice(-consecutiveEpochs)
    .every(
      ({ trainLoss, heldOutLoss, heldOutError }) =>
        chance - trainLoss > fittedErrors * heldOutError && heldOutLoss - chance > heldOutError,
    );
}

const lowestLoss = (epochs: readonly DetectionEpoch[]) => Math.min(...epochs.map(({ heldOutLoss }) => heldOutLoss));

/**
 * Whether the best fit to held-out samples, chance - h, is above zero and has grown by more than a tenth in the last three epochs; so it is taken to have in the first three.
 * Predictions are then worse than the labels that they would replace.
 */
function learnsFast(epochs: readonly DetectionEpoch[], chance: number): boolean {
  if (epochs.length <= learningEpochs) return true;
  const bestFit = (seen: readonly DetectionEpoch[]) => Math.max(0, chance - lowestLoss(seen));
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
export const lossError = (logits: Float32Array, labels: Int32Array) =>
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
 * class, on average over the last three epochs: d(0.05) <= d(1) / 4. Where no class is predicted five times, nothing is known, and they do not.
 */
export function labelsLookRight(epochs: readonly DetectionEpoch[]): boolean {
  const last = epochs.slice(-averagedEpochs);
  const total = (read: (epoch: DetectionEpoch) => number) => last.reduce((sum, epoch) => sum + read(epoch), 0);
  return total((epoch) => epoch.confidentDisagreement) <= rightAgreement * total((epoch) => epoch.disagreement);
}

/** The two disagreements of an epoch: of held-out samples' class probabilities, (n, classes), with their labels; 1 where nothing is known. */
export function disagreements(probabilities: Float32Array, labels: Int32Array) {
  const among = (fraction: number) =>
    confidentDisagreement(probabilities, labels, probabilities.length / labels.length, fraction) ?? 1;
  return { disagreement: among(1), confidentDisagreement: among(confidentFraction) };
}
