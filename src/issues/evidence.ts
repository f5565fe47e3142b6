// The evidence about every sample of a run's data, by which label errors are ranked.
import type { DataSet, Samples } from "../data/index.js";
import type { Features } from "../data/neighbors/index.js";
import type { HeldOutPredictions } from "../runs/files/held-out-files.js";

/** A network's outputs for a test set. */
export interface TestOutputs extends Pick<Samples, "labels" | "files"> {
  /** The classes' logits, (n, classes). */
  readonly logits: Float32Array;
  /** All outputs of the network, (n, outputs), the classes' logits first. */
  readonly outputs: Float32Array;
  /** The inputs of the last linear layer; absent where only outputs are known. */
  readonly features?: Features;
  /** The test samples. */
  readonly samples: Samples;
  /** Their positions in the data set; absent where they are all of a part. */
  readonly indices?: Int32Array;
}

/** A network's outputs for labeled data that it was not trained on. */
export interface UnseenOutputs extends TestOutputs {
  readonly indices: Int32Array;
  /** The folder that files are relative to, for sets of files. */
  readonly folder?: string | undefined;
  /** All of the data, with the run's class numbers. */
  readonly dataSet: DataSet;
}

/** The evidence about every sample of a run's data: `inspectRun` collects it, `findIssues` evaluates it. */
export interface RunInspection {
  readonly classes: readonly string[];
  /** The folder that files are relative to, for sets of files. */
  readonly folder?: string | undefined;
  /** Every training sample; `labels` are those trained on. */
  readonly train: Samples;
  /** Their positions among all training samples of the data, of which the run may have taken a part. */
  readonly positions?: Int32Array | undefined;
  /** Those whose labels a person has confirmed (default: none). */
  readonly pinned?: Int32Array | undefined;
  /** The labels before noise and relabeling; null where none was changed. */
  readonly cleanLabels: Int32Array | null;
  /** The samples trained on, ascending; the others were held out. */
  readonly trainIndices: Int32Array;
  /** Samples of `train` in no part: the labels that the run was trained on leave them out. */
  readonly leftOut?: ReadonlySet<number> | undefined;
  /** The samples of `train` in the validation part of the data itself. */
  readonly dataValidation?: Int32Array | undefined;
  /** The samples whose images cannot be decoded, ascending: they count as gray images. */
  readonly unreadable: Int32Array;
  /** The final network's logits for every training sample, (n, classes). */
  readonly logits: Float32Array;
  /** The inputs of the last linear layer, (n, featureSize). */
  readonly features: Float32Array;
  readonly featureSize: number;
  /** The final targets, (n, classes); null for methods without targets. */
  readonly targets: Float32Array | null;
  /** Epochs with a per-sample history. */
  readonly epochs: number;
  /** The per-sample history epoch by epoch, (n, 3): the label's probability, its margin, the predicted class; NaN where not visited. */
  readonly records: () => Iterable<Float32Array>;
  /** Predictions for the samples held out until the targets' start, epoch by epoch; empty where none were held out. */
  readonly heldOut: () => Iterable<HeldOutPredictions>;
  /** The final network's outputs for the test set; null without one. */
  readonly test: TestOutputs | null;
  /** The final network's outputs for other data than the run's; absent where only the run's is inspected. */
  readonly unseen?: UnseenOutputs | undefined;
  /** Notes for the user. */
  readonly notes: readonly string[];
}
