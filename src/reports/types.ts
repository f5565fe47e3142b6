// The input of reports: the contents of run folders as plain data.
import type { Samples } from "../data/index.js";
import type { AttackResults } from "../evaluation/attack/kept-attacks.js";
import type { EmbeddingSample } from "../evaluation/embedding-sample.js";
import type { TestOutputs } from "../issues/evidence.js";
import type { Findings } from "../issues/findings.js";
import type { ScoreName } from "../metrics/index.js";
import type { EpochMetrics } from "../runs/files/epoch-metrics.js";
import type { RunSummary } from "../runs/files/run-summary.js";
import type { SamplesByPart } from "./issue-page/part-samples.js";

/** A run folder's `recipe.yaml`, `metrics.jsonl` and `summary.json`. */
export interface RunRecord {
  readonly recipe: object;
  readonly metrics: readonly EpochMetrics[];
  readonly summary: RunSummary;
}

/** A run of a comparison, with its display name. */
export interface NamedRun extends RunRecord {
  readonly name: string;
}

/** The labels of the training samples as class indices, in data set order, and the final targets. */
export interface LabelRecord {
  /** The given labels. */
  readonly given: ArrayLike<number>;
  /** The true labels; null if unknown. */
  readonly clean: ArrayLike<number> | null;
  /** The final targets t_i, (n, classes) row-major; null for a method without targets. */
  readonly targets: ArrayLike<number> | null;
  /** The indices of the samples that the run was trained on; the others were held out. */
  readonly trained: ArrayLike<number>;
}

/** One run with the heading of its page; sections without data are left out. */
export interface ReportInput extends RunRecord {
  readonly title: string;
  readonly findings?: Findings | null;
  /** The training samples, for thumbnails. */
  readonly samples?: Samples | null;
  readonly labels?: LabelRecord | null;
  /** The samples of every part, for pictures of the other kinds of issues. */
  readonly parts?: SamplesByPart | null;
  /** The network's outputs for the test set. */
  readonly test?: TestOutputs | null;
  /** The score and the threshold of a calibrated run. */
  readonly calibration?: Threshold | null;
  /** Features of some samples from a self-supervised network. */
  readonly embedding?: EmbeddingSample | null;
  /** The results of attacks on the run. */
  readonly attacks?: AttackResults | null;
}

/** A confidence threshold at a temperature: predictions of at least this confidence are accepted. */
export interface Threshold {
  readonly score: ScoreName;
  readonly temperature: number;
  readonly threshold: number;
}

/** The runs to compare and the heading of their page. */
export interface ComparisonInput {
  readonly title: string;
  readonly runs: readonly NamedRun[];
}
