// Statistics of a study's runs: means, standard errors, differences by seed, and the interpolation threshold.
import { type Interval, type Spread, spreadOf, standardErrorOf, studentQuantile } from "../../metrics/index.js";
import type { StudyResults, StudyRowResults, StudyRun } from "./types.js";

/** Mean and deviation of a figure over seeds; runs without it are ignored. */
export function spreadOver(runs: readonly StudyRun[], read: (run: StudyRun) => number | null | undefined) {
  return spreadOf(runs.map(read).filter((value) => typeof value === "number"));
}

/** A figure of each run, by seed. */
export type SeedValues = ReadonlyMap<number, number>;

/** A figure by seed; runs without it are left out. */
export const bySeed = (runs: readonly StudyRun[], read: (run: StudyRun) => number | null | undefined): SeedValues =>
  new Map(
    runs.flatMap((run) => {
      const value = read(run);
      return typeof value === "number" ? [[run.seed, value] as const] : [];
    }),
  );

/** Mean and deviation over the seeds; null without values. */
export const spreadOfSeeds = (values: SeedValues): Spread | null => spreadOf([...values.values()]);

/** A difference over the seeds that both sides have. */
export interface PairedDifference {
  readonly mean: number;
  /** Null for one seed, as the interval. */
  readonly standardError: number | null;
  /** The 95% interval of Student's t. */
  readonly interval: Interval | null;
  readonly count: number;
}

/**
 * The mean of a - b over the seeds that both have, its standard error, and its 95% interval, t(0.95, n - 1) standard errors each
 * way. Null where no seed is common. The noise and the initial weights of a seed are the same for both, which cancels a part of
 * the spread.
 */
export function pairedDifference(a: SeedValues, b: SeedValues): PairedDifference | null {
  const spread = spreadOf([...a].flatMap(([seed, value]) => (b.has(seed) ? [value - b.get(seed)!] : [])));
  if (spread === null) return null;
  const { mean, count } = spread;
  const standardError = standardErrorOf(spread);
  const reach = standardError === null ? null : studentQuantile(0.95, count - 1) * standardError;
  return { mean, standardError, interval: reach === null ? null : [mean - reach, mean + reach], count };
}

/** Test accuracy after the last epoch. */
export const lastEpoch = ({ runs }: StudyRowResults) => spreadOver(runs, ({ summary }) => summary.testAccuracy);

/** Test accuracy at the epoch that was best on the noisy validation part; null without one. */
export const bestOnValidation = ({ runs }: StudyRowResults) =>
  spreadOver(runs, ({ summary }) => summary.testAccuracyAtBest);

/** The highest robust accuracy of any epoch; optimistic, because it is chosen on the attacked images. */
export function highestRobust({ metrics }: StudyRun): number | null {
  const epoch = mostRobustEpoch(metrics);
  return metrics.find((line) => line.epoch === epoch)?.robustAccuracy ?? null;
}

/** The drop in robust accuracy from the best to the last epoch. */
export function robustFall(run: StudyRun): number | null {
  const [highest, last] = [highestRobust(run), run.summary.robustAccuracy];
  return highest === null || last == null ? null : highest - last;
}

/** The epoch of the highest robust accuracy, the first of equal ones; null without attacks. */
export function mostRobustEpoch(metrics: StudyRun["metrics"]): number | null {
  const attacked = metrics.filter(({ robustAccuracy }) => typeof robustAccuracy === "number");
  const [first, ...others] = attacked;
  if (first === undefined) return null;
  return others.reduce((best, one) => (one.robustAccuracy! > best.robustAccuracy! ? one : best), first).epoch;
}

/** Robust accuracy under a separate attack, in the last epoch or in that of the highest robust accuracy during training. */
export function attackedIn({ attacks = [], metrics }: StudyRun, attack: string, which: "last" | "best"): number | null {
  const epoch = which === "last" ? metrics.at(-1)?.epoch : mostRobustEpoch(metrics);
  return attacks.find((one) => one.attack === attack && one.epoch === epoch)?.robustAccuracy ?? null;
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
