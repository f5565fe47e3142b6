// What is read off a study's runs: means, deviations, and where a network begins to fit every label.
import type { StudyResults, StudyRowResults, StudyRun } from "./types.js";

export interface Spread {
  readonly mean: number;
  /** Of the sample (n - 1); null for one value. */
  readonly deviation: number | null;
  readonly count: number;
}

/** Mean and sample deviation; null where there is no value. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    deviation: values.length === 1 ? null : Math.sqrt(squares / (values.length - 1)),
    count: values.length,
  };
}

/** The spread over seeds of a figure; runs that lack it do not count. */
export function spreadOver(runs: readonly StudyRun[], read: (run: StudyRun) => number | null | undefined) {
  return spreadOf(runs.map(read).filter((value) => typeof value === "number"));
}

/** Test accuracy after the last epoch. */
export const lastEpoch = ({ runs }: StudyRowResults) => spreadOver(runs, ({ summary }) => summary.testAccuracy);

/** Test accuracy at the epoch that was best on the held-out noisy part; null where nothing was held out. */
export const bestOnValidation = ({ runs }: StudyRowResults) =>
  spreadOver(runs, ({ summary }) => summary.testAccuracyAtBest);

/** Robust accuracy after the last epoch; null where nothing was attacked. */
export const lastRobust = ({ runs }: StudyRowResults) => spreadOver(runs, ({ summary }) => summary.robustAccuracy);

/** Of each run the highest robust accuracy of an epoch: chosen by the attacked images themselves, so a little too high. */
export const highestRobust = ({ runs }: StudyRowResults) => spreadOver(runs, highestOf);

/** How far each run's robust accuracy ends below its highest. */
export const robustFall = ({ runs }: StudyRowResults) =>
  spreadOver(runs, (run) => {
    const [highest, last] = [highestOf(run), run.summary.robustAccuracy];
    return highest === null || last == null ? null : highest - last;
  });

function highestOf({ metrics }: StudyRun): number | null {
  const values = metrics.map(({ robustAccuracy }) => robustAccuracy).filter((value) => typeof value === "number");
  return values.length === 0 ? null : Math.max(...values);
}

const accuracies: readonly StudyResults["draw"][] = ["bars", "representations", "robust"];

/** Studies of double descent speak of errors, tables of accuracies. */
export const speaksOfErrors = ({ draw }: Pick<StudyResults, "draw">) => !accuracies.includes(draw);

/** A test accuracy as the study speaks of it. */
export const inItsTerms = (results: Pick<StudyResults, "draw">, accuracy: number) =>
  speaksOfErrors(results) ? 1 - accuracy : accuracy;

const INTERPOLATES = 0.01;

/**
 * The interpolation threshold: the smallest place on the axis at which the named series ends with an error on its training
 * labels, as given, under 1%, in the mean over seeds. Null where there is none, or the study names no series.
 */
export function interpolationThreshold({ rows, interpolation }: StudyResults): number | null {
  const places = rows
    .filter(({ series, runs }) => series === interpolation && runs.length > 0)
    .filter(({ runs }) => (trainingError(runs) ?? 1) < INTERPOLATES)
    .map(({ at }) => at)
    .filter((at) => at !== undefined);
  return interpolation === null || places.length === 0 ? null : Math.min(...places);
}

function trainingError(runs: readonly StudyRun[]): number | null {
  const accuracy = spreadOver(runs, ({ summary }) => summary.noisyTrainAccuracy);
  return accuracy === null ? null : 1 - accuracy.mean;
}
