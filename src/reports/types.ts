// What a report is made of: the contents of run folders, as plain data.
import type { EpochMetrics, RunSummary } from "../training/run-types.js";

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

/** One run and the heading of its page. */
export interface ReportInput extends RunRecord {
  readonly title: string;
}

/** Runs to stand side by side and the heading of their page. */
export interface ComparisonInput {
  readonly title: string;
  readonly runs: readonly NamedRun[];
}
