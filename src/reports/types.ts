// What a report is made of: the contents of run folders, as plain data.
import type { Samples } from "../data/index.js";
import type { AttackResults } from "../evaluation/attack/kept-attacks.js";
import type { EmbeddingSample } from "../evaluation/embedding-sample.js";
import type { TestOutputs } from "../issues/evidence.js";
import type { Findings } from "../issues/findings.js";
import type { ScoreName } from "../metrics/index.js";
import type { EpochMetrics } from "../runs/files/epoch-metrics.js";
import type { RunSummary } from "../runs/files/run-summary.js";

/** A run folder's `recipe.yaml`, `metrics.jsonl` and `summary.json`. */
export interface RunRecord {
  readonly recipe: object;
  readonly metrics: readonly EpochMetrics[];
  readonly summary: RunSummary;
}

/** A run among others, under the name that the reader knows it by. */
export interface NamedRun extends RunRecord {
  readonly name: string;
}

/** The labels of the training records as class numbers, in data set order, and what became of them. */
export interface LabelRecord {
  /** As the run was given them. */
  readonly given: ArrayLike<number>;
  /** The true ones; null where nobody knows them. */
  readonly clean: ArrayLike<number> | null;
  /** t_i, (n, classes), row after row, at the end of the run; null for a method without targets. */
  readonly targets: ArrayLike<number> | null;
  /** The records that the run was trained on, by position; the others were held out. */
  readonly trained: ArrayLike<number>;
}

/** One run, the heading of its page, and what else is known: where something is not, its part of the page is left out. */
export interface ReportInput extends RunRecord {
  readonly title: string;
  readonly findings?: Findings | null;
  /** The training records, for pictures of the suspect ones. */
  readonly samples?: Samples | null;
  readonly labels?: LabelRecord | null;
  /** The network's outputs for the test set. */
  readonly test?: TestOutputs | null;
  /** By which score, and from which confidence on, the run answers; of a run that was calibrated. */
  readonly calibration?: Threshold | null;
  /** Features of some samples by a network trained without labels. */
  readonly embedding?: EmbeddingSample | null;
  /** What attacks on the run have found. */
  readonly attacks?: AttackResults | null;
}

/** A confidence, at a temperature, from which on a network answers. */
export interface Threshold {
  readonly score: ScoreName;
  readonly temperature: number;
  readonly threshold: number;
}

/** Runs to stand side by side and the heading of their page. */
export interface ComparisonInput {
  readonly title: string;
  readonly runs: readonly NamedRun[];
}
