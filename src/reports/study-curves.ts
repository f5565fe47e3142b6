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
  readonly yTitle: string;
  readonly points: readonly CurvePoint[];
  readonly references: readonly { readonly series: string; readonly x: number; readonly error: number }[];
  readonly mark: { readonly x: number; readonly label: string } | null;
}

/** The point of an error; none where it was not measured. */
export function curvePoints(series: string, x: number, error: Spread | null): CurvePoint[] {
  if (error === null) return [];
  const { mean, deviation } = error;
  const around = deviation ?? 0;
  return [{ series, x, error: mean, low: mean - around, high: mean + around }];
}

const errorOf = (accuracy: Spread | null) => accuracy && { ...accuracy, mean: 1 - accuracy.mean };

const TEST_ERROR = "Test error (%)";

/** The error of the last epoch at each place of the axis, a curve a series; the interpolation threshold marked. */
export function axisCurves(results: StudyResults): Curves {
  const { rows, axisLabel } = results;
  const threshold = interpolationThreshold(results);
  return {
    xTitle: axisLabel ?? "",
    yTitle: TEST_ERROR,
    points: rows.flatMap(({ series = "", at = 0, runs }) =>
      curvePoints(series, at, errorOf(spreadOver(runs, ({ summary }) => summary.testAccuracy))),
    ),
    references: rows.flatMap(({ series = "", at = 0, paper }) =>
      paper === undefined ? [] : [{ series, x: at, error: 1 - paper.testAccuracy }],
    ),
    mark: threshold === null ? null : { x: threshold, label: "interpolation threshold" },
  };
}

/** The error after each epoch that was evaluated, a curve a row, epochs counted from 1 because the axis is logarithmic. */
export function epochCurves({ rows }: StudyResults): Curves {
  const points = rows.flatMap(epochPoints);
  return { xTitle: "Epochs trained", yTitle: TEST_ERROR, points, references: [], mark: null };
}

function epochPoints({ name, runs }: StudyRowResults): CurvePoint[] {
  const epochs = [...new Set(runs.flatMap(({ metrics }) => metrics.map(({ epoch }) => epoch)))].sort((a, b) => a - b);
  const tested = runs.map(({ metrics }) => new Map(metrics.map(({ epoch, testAccuracy }) => [epoch, testAccuracy])));
  return epochs.flatMap((epoch) =>
    curvePoints(name, epoch + 1, errorOf(spreadOver(runs, (run) => tested[runs.indexOf(run)]?.get(epoch)))),
  );
}
