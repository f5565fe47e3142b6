// The findings about a data set: likely label errors, other issues, and a summary of its quality.
import type { FoundKind } from "./kinds/find-kinds.js";
import type { NoiseRate } from "./labels/rate/noise-rate.js";
import type { LabelVerdict } from "./labels/verdict.js";

/** A sample whose given label is probably wrong. */
export interface LabelIssue {
  /** Its position in the data set. */
  readonly index: number;
  /** Its file, for data of files; else null. */
  readonly file: string | null;
  /** Class names. */
  readonly given: string;
  readonly suggested: string;
  /** From 0, certainly correct, to 1, certainly wrong: how much more probable another class is, relative to the classes. */
  readonly score: number;
  /** The probability that the given label is wrong, by the estimated noise rate. */
  readonly pWrong: number;
  /** A guess: the label is wrong, the sample lies between classes or belongs to none, or the label is right and at most hard to learn. */
  readonly verdict: LabelVerdict;
  /** The given label's probability: the weighted mean during and after training, or the given one without a run. */
  readonly probability: number;
  /** The epoch from which on the network never predicted the label; null where it did at the end, or without a history. */
  readonly disagreesFrom: number | null;
  /** Mean margin of the given label during training, in logits; this and the next two are null without a run. @see Pleiss et al. 2020 (arXiv 2001.10528) */
  readonly areaUnderMargin: number | null;
  /** The fraction of epochs in which the network predicted the given label. */
  readonly agreement: number | null;
  /** How often the network predicted it and did not in the next epoch. @see Toneva et al. 2019 (arXiv 1812.05159) */
  readonly forgettingEvents: number | null;
}

/** The quality of one class's labels. */
export interface ClassHealth {
  readonly name: string;
  /** Samples given this label. */
  readonly samples: number;
  /** The effective number of clean labels: samples (1 - labelErrorRate), how many of these are expected to be right. */
  readonly cleanLabels: number;
  /** The estimated fraction of wrong ones, and its interval. */
  readonly labelErrorRate: number;
  readonly low: number;
  readonly high: number;
  /** Accuracy on the test samples of this class; null without a test set. */
  readonly testAccuracy: number | null;
}

/** A bin of a reliability diagram. */
export interface ReliabilityBin {
  /** Mean confidence of its samples. */
  readonly confidence: number;
  readonly accuracy: number;
  readonly samples: number;
}

export interface Findings {
  /** The part of the data that was searched: train, validation, test, or "data" without a run. */
  readonly part: string;
  /** Its samples, by position in the data set: the rows of the kinds' columns. */
  readonly samples: Int32Array;
  readonly classes: readonly string[];
  /** How many samples were evaluated: those that the network was trained on. */
  readonly evaluated: number;
  /** All of these, the most likely errors first. */
  readonly issues: readonly LabelIssue[];
  /** The estimated fraction of wrong labels, and its interval. */
  readonly noiseRate: NoiseRate;
  /** Row i, column j: the estimated fraction of the samples of true class i that are labeled j. */
  readonly noiseMatrix: readonly (readonly number[])[];
  readonly classHealth: readonly ClassHealth[];
  /** All other kinds of issues that were searched for. */
  readonly kinds: readonly FoundKind[];
  /** Of the test set; null without one. */
  readonly reliability: readonly ReliabilityBin[] | null;
  /** Notes for the user. */
  readonly notes: readonly string[];
}
