// What a run knows of every sample of its data: the evidence that label errors are ranked by.
import type { Samples } from "../data/index.js";
import type { HeldOutPredictions } from "../runs/held-out-files.js";

/** A network's answers to a test set, row by row. */
export interface TestAnswers extends Pick<Samples, "labels" | "files"> {
  /** The classes' logits, (n, classes). */
  readonly logits: Float32Array;
  /** All that the network puts out, (n, outputs), the classes' logits first; the logits themselves where that is all. */
  readonly outputs: Float32Array;
  /** The test records themselves. */
  readonly samples: Samples;
}

/** What a run has to say of every sample of its data: what `inspectRun` hands out and `findIssues` judges by. */
export interface RunInspection {
  readonly classes: readonly string[];
  /** Every training record; `labels` holds what was trained on. */
  readonly train: Samples;
  /** The labels before noise and relabelling, where any was changed; else null. */
  readonly cleanLabels: Int32Array | null;
  /** Those that were trained on, ascending; the others were held out. */
  readonly trainIndices: Int32Array;
  /** Those whose images cannot be decoded, ascending: what is said of them is of a gray picture. */
  readonly unreadable: Int32Array;
  /** The final network's answers to every training record, (n, classes). */
  readonly logits: Float32Array;
  /** What the last linear layer reads, (n, featureSize). */
  readonly features: Float32Array;
  readonly featureSize: number;
  /** The targets that training ended with, (n, classes), for methods that have some. */
  readonly targets: Float32Array | null;
  /** How many epochs there is record of. */
  readonly epochs: number;
  /** An epoch's record after the other, (n, 3): the label's probability, its margin, the class answered; NaN where not visited. */
  readonly records: () => Iterable<Float32Array>;
  /** Predictions for the samples held out until the start of the targets, an epoch after the other; none where none were. */
  readonly heldOut: () => Iterable<HeldOutPredictions>;
  /** The final network's answers to the test set; null without one. */
  readonly test: TestAnswers | null;
  /** What the user should be told once. */
  readonly notes: readonly string[];
}
