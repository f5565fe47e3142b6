// summary.json: the final figures of a run.
import type { ScoreName } from "../../metrics/index.js";
import type { RepresentationFigures } from "./epoch-metrics.js";

/** How well a confidence score separates correct predictions from wrong ones. */
export interface ScoreFigures {
  /** Error rate of the most confident predictions, by percent of coverage. */
  readonly errorAtCoverage: Readonly<Record<string, number>>;
  readonly aurc: number;
}

/** The final figures of a run: `summary.json`. */
export interface RunSummary extends RepresentationFigures {
  readonly objective: string;
  readonly model: string;
  /** The number of trained values. */
  readonly parameters: number;
  readonly epochs: number;
  /** The epoch from which targets moved; null for a method without targets, or if training ended before. */
  readonly startEpoch: number | null;
  readonly trainSize: number;
  /** The number of views of each sample in an epoch, for self-supervised methods. */
  readonly views?: 1 | 2;
  /** The number of classes. */
  readonly classes: number;
  /** After the last epoch; null without a test set. */
  readonly testAccuracy: number | null;
  /** Of the epoch that was best on the validation part; null without one. */
  readonly testAccuracyAtBest: number | null;
  readonly testLoss: number | null;
  /** Fraction of test images classified correctly both clean and after PGD-20, on a part of the test set; for adversarial training. */
  readonly robustAccuracy?: number | null;
  /** Of the test set after the last epoch, by each confidence score, the method's first; null without a test set. */
  readonly scores: Readonly<Partial<Record<ScoreName, ScoreFigures>>> | null;
  readonly seconds: number;
  readonly imagesPerSecond: number;
  readonly precision: string;
  /** The kernels of the convolutions: `amx`, `winograd` or `stock`. */
  readonly kernels: string;
  readonly device: string;
  readonly seed: number;
  /** Fraction of wrong training labels; this and the following only if the true labels are known. */
  readonly labelNoise?: number | null;
  readonly noisyTrainAccuracy?: number | null;
  readonly cleanTrainAccuracy?: number | null;
  readonly recoveredLabels?: number | null;
  readonly wrongLabelsMemorized?: number | null;
}
