// The noise rate by samples that a network was not trained on.
import { againstChance, type ChanceTest } from "./chance.js";
import { confidentDisagreement } from "./confident-disagreement.js";
import { type ConfusionNoise, confusionNoise } from "./confusion-noise.js";
import { type NoiseRate, rateOf } from "./noise-rate.js";
import { leastGain, type UniformNoise, uniformNoise } from "./uniform-noise.js";

/** Statistics of the predictions for samples not trained on. */
export interface HeldOutEvidence {
  /** Disagreement with the labels among the most confident 30% and 60% of each predicted class. */
  readonly most: number;
  readonly majority: number;
  /** Whether the network errs even where it is confident: disagreement rises steeply from the most confident 30% to 60%. */
  readonly weak: boolean;
  /** Uniform noise that explains their labels. */
  readonly uniform: UniformNoise;
  /** Noise between certain classes that explains them, looked for where the network may be weak: null elsewhere, and for too few samples. */
  readonly confusions: ConfusionNoise | null;
  readonly chance: ChanceTest;
  readonly samples: number;
}

/** The same of a run. */
export interface HeldOutOfRun extends HeldOutEvidence {
  /** For how many of all epochs they were held out, as a fraction. */
  readonly position: number;
}

/** Fewer samples say too little. */
export const leastHeldOut = 100;
/** Disagreement that rises faster than this from the most confident 30% to 60% is a weak network's. */
const steep = 0.08;
/** A network that disagrees with more of the labels that it is most confident about may be weak rather than the labels wrong. */
export const mostOfGoodNetworks = 0.25;
/** The fractions of each predicted class that count as its most confident ones. */
const [mostShare, majorityShare] = [0.3, 0.6];

/** (n, classes) for samples not trained on, and their labels (n). */
export interface HeldOutLabels {
  /** The predictions from before the network could learn to expect the noise. */
  readonly probabilities: Float32Array;
  /** The best predictions, if others than those. */
  readonly best?: Float32Array | undefined;
  readonly labels: Int32Array;
  readonly classes: number;
}

export function heldOutEvidence({
  probabilities,
  best = probabilities,
  labels,
  classes,
}: HeldOutLabels): HeldOutEvidence {
  const [first, last] = [probabilities, best].map((view) => confidentOf(view, labels, classes));
  const weak = rise(first!) > steep || rise(last!) > steep;
  const isDoubtful = weak || last!.most > mostOfGoodNetworks;
  return {
    ...last!,
    weak,
    uniform: uniformNoise(probabilities, labels, classes),
    confusions: isDoubtful ? confusionNoise(best, labels, classes) : null,
    chance: againstChance(best, labels, classes),
    samples: labels.length,
  };
}

function confidentOf(probabilities: Float32Array, labels: Int32Array, classes: number) {
  const among = (fraction: number) => confidentDisagreement(probabilities, labels, classes, fraction) ?? 0;
  return { most: among(mostShare), majority: among(majorityShare) };
}

const rise = ({ most, majority }: Pick<HeldOutEvidence, "most" | "majority">) => majority - most;

export const showsNoise = ({ uniform }: HeldOutEvidence) => uniform.gain >= leastGain;

/**
 * By the likelihood of the labels. Without a gain there may still be noise, between certain classes above all: up to the disagreement
 * where the network is confident. So there may be a little noise of any class as well, where that disagreement is large and the rate is less
 * than half of it.
 */
export function likelihoodRate(evidence: HeldOutEvidence): NoiseRate {
  const rate = uniformRate(evidence);
  const high = Math.max(rate.high, evidence.most);
  if (!showsNoise(evidence)) return { ...rate, estimate: 0, low: 0, high };
  const isExplained = evidence.most <= mostOfGoodNetworks || rate.estimate >= evidence.most / 2;
  return isExplained ? rate : { ...rate, high };
}

/** By the noise between certain classes. The network may be weak, so that it is anything from 0 to its disagreement where it is confident. */
export function confusionRate({ most, samples }: HeldOutEvidence, { rate }: ConfusionNoise): NoiseRate {
  return rateOf("held-out confusions", rate, [0, most], samples);
}

/** The interval of the rate among these samples, widened by how far the rate of all labels may lie from theirs by chance. */
function uniformRate({ uniform: { rate, low, high }, samples }: HeldOutEvidence): NoiseRate {
  const chance = 1.96 * Math.sqrt((rate * (1 - rate)) / samples);
  return {
    estimate: rate,
    low: Math.max(0, rate - Math.hypot(rate - low, chance)),
    high: Math.min(1, rate + Math.hypot(high - rate, chance)),
    method: "held-out likelihood",
  };
}

/** Disagreement where the network is confident. */
export const agreementOf = ({ most, majority }: HeldOutEvidence) => (most + majority) / 2;

/** By their disagreement where the network is confident; held out briefly, averaged with the joint of the informative epochs. */
export function agreementRate(evidence: HeldOutOfRun, informative: number): NoiseRate {
  const { most, majority, position, samples } = evidence;
  const confident = agreementOf(evidence);
  const weight = informativeWeight(position);
  const gap = Math.max(0, confident - informative);
  const count = majorityShare * samples;
  const rivals = most > mostOfGoodNetworks ? [0, most, majority] : [most, majority];
  return weight === 0
    ? rateOf("held-out agreement", confident, rivals, count)
    : rateOf(
        "held-out and informative views",
        confident - weight * gap,
        [confident - 2 * weight * gap, confident, ...rivals],
        count,
      );
}

/** Half for samples held out for 15% of training or less, falling to nothing at 45%. */
function informativeWeight(position: number): number {
  return 0.5 * Math.min(1, Math.max(0, (0.45 - position) / 0.3));
}
