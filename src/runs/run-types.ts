// What a run writes down of itself: a line of metrics.jsonl for every epoch, and summary.json at the end.
// And what a run has to say of each sample, when it is asked afterwards.
// Accuracies and shares are fractions of 1, losses are means in nats, epochs count from 0; what is not known is absent or null.
import type { TriedAttack } from "../attacks/index.js";
import type { Samples } from "../data/index.js";
import type { ScoreName } from "../metrics/index.js";

/** How a network that learns without labels stands; nothing here was trained on. */
export interface RepresentationFigures {
  /** Of the normalised projections of training samples, averaged over the dimensions; 0 where they have collapsed. */
  readonly embeddingDeviation?: number | null;
  /** 1 / sqrt(dimension): the deviation of projections that are spread evenly. */
  readonly evenDeviation?: number | null;
  /** How many dimensions the normalised projections use. */
  readonly effectiveRank?: number | null;
  /** Of the normalised projections: lower for more evenly spread, 0 where collapsed. */
  readonly uniformity?: number | null;
  /** Mean squared distance of two views' normalised projections. */
  readonly alignment?: number | null;
  /** Accuracy of 200 weighted nearest neighbours on the features; in `metrics.jsonl` of a part of the test set. */
  readonly knnAccuracy?: number | null;
  /** Of logistic regression on the features, likewise. */
  readonly linearAccuracy?: number | null;
}

/** One epoch of a run: a line of `metrics.jsonl`. */
export interface EpochMetrics extends RepresentationFigures {
  readonly epoch: number;
  readonly lr: number;
  /** The objective's own loss, averaged over the epoch's samples. */
  readonly trainLoss: number;
  /** Accuracy on the training samples as they were trained on, against the labels given (the wrong ones included). */
  readonly trainAccuracy?: number;
  readonly validationLoss?: number | null;
  readonly validationAccuracy?: number | null;
  /** Accuracy on the validation part against its true labels; with `trackDynamics`. */
  readonly cleanValidationAccuracy?: number | null;
  readonly testLoss?: number | null;
  readonly testAccuracy?: number | null;
  /** Share of a part of the test set that is answered rightly as it is and after PGD-20; for methods that learn from attacks. */
  readonly robustAccuracy?: number | null;
  /** Accuracy on the training samples against the labels given, in a pass of its own; with `trackDynamics`. */
  readonly noisyTrainAccuracy?: number | null;
  /** Accuracy on the training samples against their true labels: as they were trained on, or with `trackDynamics` in a pass of its own. */
  readonly cleanTrainAccuracy?: number | null;
  /** Share of training samples whose target's largest entry is their true label. */
  readonly recoveredLabels?: number | null;
  /** How far the targets have moved from the labels given: the mean of 1 - t_i[y_i]; for methods with targets. */
  readonly targetDrift?: number | null;
  /** Share of the wrongly labelled training samples that the network answers with their wrong label. */
  readonly wrongLabelsMemorised?: number | null;
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

/** How good a score of confidence is at telling right answers from wrong ones. */
export interface ScoreFigures {
  /** Error among the share of samples that the network is most sure of, by percent of coverage. */
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
  /** The epoch from which targets moved; null for a method without, or where training ended before. */
  readonly startEpoch: number | null;
  readonly trainSize: number;
  /** How many views of each sample an epoch passes through the network, forward and back; of a method without labels. */
  readonly views?: 1 | 2;
  /** The number of classes. */
  readonly classes: number;
  /** After the last epoch; null without a test set. */
  readonly testAccuracy: number | null;
  /** Of the epoch that was best on the validation part; null without one. */
  readonly testAccuracyAtBest: number | null;
  readonly testLoss: number | null;
  /** Share of a part of the test set that is answered rightly as it is and after PGD-20; for methods that learn from attacks. */
  readonly robustAccuracy?: number | null;
  /** Of the test set after the last epoch, by each score of confidence, the method's own first; null without a test set. */
  readonly scores: Readonly<Partial<Record<ScoreName, ScoreFigures>>> | null;
  readonly seconds: number;
  readonly imagesPerSecond: number;
  readonly precision: string;
  /** What ran the convolutions: `amx`, `avx512`, `winograd` or `stock`. */
  readonly kernels: string;
  readonly device: string;
  readonly seed: number;
  /** Share of the training labels that are wrong; this and the rest only where the true labels are known. */
  readonly labelNoise?: number | null;
  readonly noisyTrainAccuracy?: number | null;
  readonly cleanTrainAccuracy?: number | null;
  readonly recoveredLabels?: number | null;
  readonly wrongLabelsMemorised?: number | null;
}

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
  /** Those whose images cannot be decoded, ascending: what is said of them is of a grey picture. */
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
  /** The final network's answers to the test set; null without one. */
  readonly test: TestAnswers | null;
  /** What the user should be told once. */
  readonly notes: readonly string[];
}

/** The features of some samples of a run that learnt without labels. */
export interface EmbeddingSample {
  /** (n, size) row-major. */
  readonly features: Float32Array;
  readonly size: number;
  /** Of each row, by the names in `classes`. */
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  /** Where each row's sample is in `samples`. */
  readonly indices: Int32Array;
  readonly samples: Samples;
  /** What `samples` are: the test set, or the training set where there is none. */
  readonly part: "test set" | "training set";
}

/** A share, and how far it may be from that of all such samples, with 95% confidence. */
type Bounds = readonly [low: number, high: number];

/** A sample that an attack brought down, for the report: its images are in `gallery.npy`. */
export interface BrokenSample {
  /** Its position in the data. */
  readonly index: number;
  /** Names of classes: the right one, which the network answers to the image, and what it answers to the attacked one. */
  readonly label: string;
  readonly answer: string;
  readonly attack: string;
}

/** What an attack was asked to do, all that decides its outcome; null where the attack has no such setting. */
export interface AttackSettings {
  readonly attack: string;
  readonly norm: "inf" | "2";
  readonly epsilon: number;
  readonly steps: number | null;
  readonly stepSize: number | null;
  readonly restarts: number | null;
  readonly loss: string | null;
  /** How many samples, drawn from the data the same way for every run; null for all. */
  readonly limit: number | null;
  readonly batchSize: number;
  /** `last`, `best`, or the number of an epoch whose weights the run kept. */
  readonly checkpoint: "last" | "best" | number;
  readonly seed: number;
  readonly precision: string;
  readonly kernels: string;
  readonly saveImages: boolean;
}

/** How a run's network stands up to an attack: `results.json` of a folder in `attacks/`. */
export interface AttackResult extends AttackSettings {
  readonly naturalAccuracy: number;
  /** Share of all samples that are answered rightly as they are and after every attack. */
  readonly robustAccuracy: number;
  /** Exact binomial, 95%. */
  readonly intervals: { readonly naturalAccuracy: Bounds; readonly robustAccuracy: Bounds };
  readonly attacks: readonly TriedAttack[];
  readonly samples: number;
  /** The last epoch that the weights were trained in. */
  readonly epoch: number;
  /** Of all attacks, over all sittings. */
  readonly seconds: number;
  /** Where the data lies, and which part of it this is. */
  readonly data: string;
  /** Of the samples with their labels, and of the weights. */
  readonly fingerprints: { readonly data: string; readonly weights: string };
  /** Why these figures may say more, or less, than they seem to. */
  readonly warnings: readonly string[];
  /** At most twelve, in the order of `gallery.npy`, (n, 2, channels, height, width): as it is, and attacked. */
  readonly gallery: readonly BrokenSample[];
}

/** One attack many times over: `series.json` of a folder in `attacks/`. */
export interface AttackSeries {
  readonly over: "epoch" | "epsilon";
  readonly results: readonly AttackResult[];
}

/** The attacks that a run's folder has the results of. */
export interface KeptAttacks {
  readonly results: readonly AttackResult[];
  readonly series: readonly AttackSeries[];
  /** The gallery of one of them: pixels from 0 to 1, an image an array, as it is and attacked by turns. */
  readonly pictures: {
    readonly result: AttackResult;
    readonly values: readonly Float32Array[];
    /** Of an image: channels, height, width. */
    readonly shape: readonly number[];
  } | null;
}
