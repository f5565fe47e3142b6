// What was found out about a data set: the labels that are probably wrong, and how the data stands as a whole.
import type { NoiseRate } from "./noise-rate.js";

/** A sample whose given label is probably wrong. */
export interface LabelIssue {
  /** Its position in the data set. */
  readonly index: number;
  /** Where it came from, for sets of files. */
  readonly file: string | null;
  /** Class names. */
  readonly given: string;
  readonly suggested: string;
  /** From 0, surely right, to 1, surely wrong: how much more another class is believed, each class measured by itself. */
  readonly score: number;
  /** The probability that the given label is wrong, by the estimated noise rate. */
  readonly pWrong: number;
  /** The given label's probability: the weighted mean of what was seen along the run and what is believed in the end; or as given from elsewhere. */
  readonly probability: number;
  /** The epoch from which the network disagreed with the label to the end; null where it did not, or nobody kept record. */
  readonly disagreesFrom: number | null;
  /** Mean margin of the given label along the run, in logits; this and the next two are null without a run. @see Pleiss et al. 2020 (arXiv 2001.10528) */
  readonly areaUnderMargin: number | null;
  /** The share of epochs in which the network answered the given label. */
  readonly agreement: number | null;
  /** How often the network answered it and in the next epoch did not. @see Toneva et al. 2019 (arXiv 1812.05159) */
  readonly forgettingEvents: number | null;
}

/** How the labels of one class stand. */
export interface ClassHealth {
  readonly name: string;
  /** Samples given this label. */
  readonly samples: number;
  /** The estimated share of them whose label is wrong, and its interval. */
  readonly errorShare: number;
  readonly low: number;
  readonly high: number;
  /** Accuracy on the test samples of this class; null without a test set. */
  readonly testAccuracy: number | null;
}

/** Two samples that look the same to the network. */
export interface NearDuplicate {
  readonly first: number;
  readonly second: number;
  /** Their files, for data that lies in files; else null. */
  readonly files: readonly [string, string] | null;
  /** The cosine of their penultimate features, both centered. */
  readonly similarity: number;
  /** Whether their given labels differ. */
  readonly conflicting: boolean;
}

/** A bin of a reliability diagram. */
export interface ReliabilityBin {
  /** Mean confidence of its samples. */
  readonly confidence: number;
  readonly accuracy: number;
  readonly samples: number;
}

export interface Findings {
  readonly classes: readonly string[];
  /** How many samples were judged: those that the network was trained on. */
  readonly judged: number;
  /** All of them, the most suspect first. */
  readonly issues: readonly LabelIssue[];
  /** The estimated share of wrong labels, and its interval. */
  readonly noiseRate: NoiseRate;
  /** Row i, column j: the estimated share of the samples truly of class i that are labeled j. */
  readonly noiseMatrix: readonly (readonly number[])[];
  readonly classHealth: readonly ClassHealth[];
  /** The most similar first; none where they were not looked for. */
  readonly duplicates: readonly NearDuplicate[];
  /** Of the test set; null without one. */
  readonly reliability: readonly ReliabilityBin[] | null;
  /** What the user should be told once. */
  readonly notes: readonly string[];
}
