// The results of a study, as plain data: rows of runs that differ in their seeds.
import type { EpochMetrics, RunSummary } from "../training/run-types.js";

export interface StudyRun {
  readonly seed: number;
  readonly folder: string;
  readonly summary: RunSummary;
  readonly metrics: readonly EpochMetrics[];
}

export interface StudyRowResults {
  readonly name: string;
  /** Of rows from a grid. */
  readonly series?: string;
  readonly at?: number;
  /** The test accuracy to compare with, and where it is from. */
  readonly paper?: { readonly testAccuracy: number; readonly source: string };
  /** The finished ones. */
  readonly runs: readonly StudyRun[];
}

export interface StudyResults {
  readonly title: string;
  readonly shows: string;
  readonly profile: string;
  /** What the user changed in all recipes: `epochs=2`. */
  readonly settings: readonly string[];
  readonly draw: "bars" | "axis" | "epochs";
  /** What the grid's axis is called. */
  readonly axisLabel: string | null;
  /** The series that marks the interpolation threshold, where the study has one. */
  readonly interpolation: string | null;
  /** How many runs the study has, finished or not. */
  readonly planned: number;
  readonly rows: readonly StudyRowResults[];
}
