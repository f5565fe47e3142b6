// Statistics of a study's runs: means, standard deviations, and the interpolation threshold.
import type { StudyResults, StudyRowResults, StudyRun } from "./types.js";

export interface Spread {
  readonly mean: number;
  /** The sample standard deviation (n - 1); null for one value. */
  readonly deviation: number | null;
  readonly count: number;
}

/** Mean and sample standard deviation; null without values. */
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

/** Mean and deviation of a figure over seeds; runs without it are ignored. */
export function spreadOver(runs: readonly StudyRun[], read: (run: StudyRun) => number | null | undefined) {
  return spreadOf(runs.map(read).filter((value) => typeof value === "number"));
}

/** Test accuracy after the last epoch. */
export const lastEpoch = ({ runs }: StudyRowResults) => spreadOver(runs, ({ summary }) => summary.testAccuracy);

/** Test accuracy at the epoch that was best on the noisy validation part; null without one. */
export const bestOnValidation = ({ runs }: StudyRowResults) =>
  spreadOver(runs, ({ summary }) => summary.testAccuracyAtBest);

/** Robust accuracy after the last epoch; null without attacks. */
export const lastRobust = ({ runs }: StudyRowResults) => spreadOver(runs, ({ summary }) => summary.robustAccuracy);

/** The highest robust accuracy of any epoch; optimistic, because it is chosen on the attacked images. */
export const highestRobust = ({ runs }: StudyRowResults) => spreadOver(runs, highestOf);

/** The drop in robust accuracy from the best to the last epoch. */
export const robustFall = ({ runs }: StudyRowResults) =>
  spreadOver(runs, (run) => {
    const [highest, last] = [highestOf(run), run.summary.robustAccuracy];
    return highest === null || last == null ? null : highest - last;
  });

function highestOf({ metrics }: StudyRun): number | null {
  const values = metrics.map(({ robustAccuracy }) => robustAccuracy).filter((value) => typeof value === "number");
  return values.length === 0 ? null : Math.max(...values);
}

const accuracies: readonly StudyResults["draw"][] = ["bars", "representations", "robust", "matrix"];

/** Whether the study reports errors (double descent) or accuracies. */
export const reportsErrors = ({ draw }: Pick<StudyResults, "draw">) => !accuracies.includes(draw);

/** A test accuracy, or the test error if the study reports errors. */
export const inItsTerms = (results: Pick<StudyResults, "draw">, accuracy: number) =>
  reportsErrors(results) ? 1 - accuracy : accuracy;

const INTERPOLATES = 0.01;

/**
 * The interpolation threshold: the smallest value on the axis at which the named series has a final training error on the
 * given labels under 1%, in the mean over seeds. Null if there is none, or if the study names no series.
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
