// The results of a study, as plain data: rows of runs that differ in their seeds.
import type { ScoreName } from "../../metrics/index.js";
import type { EpochMetrics } from "../../runs/files/epoch-metrics.js";
import type { RunSummary } from "../../runs/files/run-summary.js";
import type { Coverage } from "./coverage/coverages.js";

export interface StudyRun {
  readonly seed: number;
  readonly folder: string;
  readonly summary: RunSummary;
  readonly metrics: readonly EpochMetrics[];
}

/** A line of a coverage table, as its row has it. */
export interface StudyLine {
  /** The row's unless said. */
  readonly name?: string | undefined;
  /** The method's own unless said. */
  readonly score?: ScoreName | undefined;
  /** The coverages that the row answers for, in per cent; all of them unless said. */
  readonly at?: readonly Coverage[] | undefined;
  /** The errors to compare with, a mean or a mean and its deviation by coverage, and where they are from. */
  readonly paper?:
    | {
        readonly source: string;
        readonly errorAtCoverage: Readonly<Record<string, readonly [mean: number, deviation?: number] | undefined>>;
      }
    | undefined;
}

/** A test accuracy, of a linear classifier on features where the study is about those, and where it is from. */
export interface Reference {
  readonly testAccuracy: number;
  readonly robustAccuracy?: number | undefined;
  readonly source: string;
}

export interface StudyRowResults {
  readonly name: string;
  /** Of rows from a grid. */
  readonly series?: string;
  readonly at?: number;
  /** The test accuracy to compare with, and that under PGD-20, and where they are from. */
  readonly paper?: Reference;
  /** Of rows that stand together under a name. */
  readonly group?: string;
  readonly lines?: readonly StudyLine[];
  /** The finished ones. */
  readonly runs: readonly StudyRun[];
}

export interface StudyResults {
  readonly title: string;
  readonly shows: string;
  readonly profile: string;
  /** What the user changed in all recipes: `epochs=2`. */
  readonly settings: readonly string[];
  readonly draw: "bars" | "axis" | "epochs" | "coverage" | "representations" | "robust";
  /** What the grid's axis is called. */
  readonly axisLabel: string | null;
  /** The series that marks the interpolation threshold, where the study has one. */
  readonly interpolation: string | null;
  /** The line of a coverage table that the others of its group are subtracted from, where the study has one. */
  readonly baseline: string | null;
  /** How many runs the study has, finished or not. */
  readonly planned: number;
  readonly rows: readonly StudyRowResults[];
}

/** Head, rows and footnotes, as text. */
export interface StudyTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}
