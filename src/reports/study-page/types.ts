// The results of a study as plain data: rows of runs that differ only in their seeds.
import type { ScoreName } from "../../metrics/index.js";
import type { EpochMetrics } from "../../runs/files/epoch-metrics.js";
import type { RunSummary } from "../../runs/files/run-summary.js";
import type { Coverage } from "./coverage/coverages.js";

export interface StudyRun {
  readonly seed: number;
  readonly folder: string;
  readonly summary: RunSummary;
  readonly metrics: readonly EpochMetrics[];
  /** In studies of robust accuracy. */
  readonly attacks?: readonly StudyAttack[];
  /** In studies of features, where the study fine-tunes. */
  readonly fineTuned?: readonly FineTuned[];
}

/** A finished attack on a run's network. */
export interface StudyAttack {
  readonly attack: string;
  /** The last epoch that the attacked weights were trained in. */
  readonly epoch: number;
  readonly samples: number;
  readonly naturalAccuracy: number;
  readonly robustAccuracy: number;
}

/** A network after training from a run's weights with few labels. */
export interface FineTuned {
  /** Labeled samples. */
  readonly samples: number;
  readonly testAccuracy: number | null;
}

/** The part of a coverage line that is declared in a row. */
export interface StudyLine {
  /** Default: the name of the row. */
  readonly name?: string | undefined;
  /** Default: the score of the method. */
  readonly score?: ScoreName | undefined;
  /** The coverages of the row, in percent. Default: all. */
  readonly at?: readonly Coverage[] | undefined;
  /** Reference errors by coverage, as a mean or a mean and its deviation, and their source. */
  readonly paper?:
    | {
        readonly source: string;
        readonly errorAtCoverage: Readonly<Record<string, readonly [mean: number, deviation?: number] | undefined>>;
      }
    | undefined;
}

/** A reference test accuracy (of a linear classifier in self-supervised studies), and its source. */
export interface Reference {
  readonly testAccuracy: number;
  readonly robustAccuracy?: number | undefined;
  readonly source: string;
}

export interface StudyRowResults {
  readonly name: string;
  /** For rows of a grid. */
  readonly series?: string;
  readonly at?: number;
  /** Reference test accuracy and PGD-20 accuracy, and their source. */
  readonly paper?: Reference;
  /** The name of the group of the row. */
  readonly group?: string;
  readonly lines?: readonly StudyLine[];
  /** For rows of a matrix: a method under a condition of a part. */
  readonly cell?: { readonly part: string; readonly condition: string; readonly method: string };
  /** The finished runs. */
  readonly runs: readonly StudyRun[];
}

export interface StudyResults {
  readonly title: string;
  readonly shows: string;
  readonly profile: string;
  /** Settings that the user changed in all recipes: `epochs=2`. */
  readonly settings: readonly string[];
  readonly draw: "bars" | "axis" | "epochs" | "coverage" | "representations" | "robust" | "matrix";
  /** The parts of a matrix with their headings, and the method that others are compared with. */
  readonly matrix: {
    readonly parts: readonly { readonly name: string; readonly title: string }[];
    readonly baseline: string;
  } | null;
  /** The name of the grid axis. */
  readonly axisLabel: string | null;
  /** The series whose interpolation threshold is marked, if any. */
  readonly interpolation: string | null;
  /** The name of the baseline line in each group of a coverage table, if any. */
  readonly baseline: string | null;
  /** The number of runs of the study, finished or not. */
  readonly planned: number;
  readonly rows: readonly StudyRowResults[];
}

/** Header, rows and footnotes, as text. */
export interface StudyTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

/** A table under a heading; a study's only table has none. */
export interface Section {
  readonly heading: string;
  readonly table: StudyTable;
}
