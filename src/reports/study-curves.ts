// A study's curves of test error with a band of one deviation: against the grid's axis, or against the epochs.
import { interpolationThreshold, type Spread, spreadOver } from "./study-figures.js";
import type { StudyResults, StudyRowResults } from "./study-types.js";

/** One point of a curve: the error, one deviation below and above. */
export interface CurvePoint {
  readonly series: string;
  readonly x: number;
  readonly error: number;
  readonly low: number;
  readonly high: number;
}

export interface Curves {
  readonly xTitle: string;
  readonly points: readonly CurvePoint[];
  readonly references: readonly { readonly series: string; readonly x: number; readonly error: number }[];
  readonly mark: { readonly x: number; readonly label: string } | null;
}

function point(series: string, x: number, accuracy: Spread | null): CurvePoint[] {
  if (accuracy === null) return [];
  const [error, deviation] = [1 - accuracy.mean, accuracy.deviation ?? 0];
  return [{ series, x, error, low: error - deviation, high: error + deviation }];
}

/** The error of the last epoch at each place of the axis, a curve a series; the interpolation threshold marked. */
export function axisCurves(results: StudyResults): Curves {
  const { rows, axisLabel } = results;
  const threshold = interpolationThreshold(results);
  return {
    xTitle: axisLabel ?? "",
    points: rows.flatMap(({ series = "", at = 0, runs }) =>
      point(
        series,
        at,
        spreadOver(runs, ({ summary }) => summary.testAccuracy),
      ),
    ),
    references: rows.flatMap(({ series = "", at = 0, paper }) =>
      paper === undefined ? [] : [{ series, x: at, error: 1 - paper.testAccuracy }],
    ),
    mark: threshold === null ? null : { x: threshold, label: "interpolation threshold" },
  };
}

/** The error after each epoch that was evaluated, a curve a row, epochs counted from 1 because the axis is logarithmic. */
export function epochCurves({ rows }: StudyResults): Curves {
  return { xTitle: "Epochs trained", points: rows.flatMap(epochPoints), references: [], mark: null };
}

function epochPoints({ name, runs }: StudyRowResults): CurvePoint[] {
  const epochs = [...new Set(runs.flatMap(({ metrics }) => metrics.map(({ epoch }) => epoch)))].sort((a, b) => a - b);
  const tested = runs.map(({ metrics }) => new Map(metrics.map(({ epoch, testAccuracy }) => [epoch, testAccuracy])));
  return epochs.flatMap((epoch) =>
    point(
      name,
      epoch + 1,
      spreadOver(runs, (run) => tested[runs.indexOf(run)]?.get(epoch)),
    ),
  );
}
