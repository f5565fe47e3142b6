// A study's curves with bands of one standard error: test error over the grid axis or the epochs, or robust accuracy.
import { type Spread, standardErrorOf } from "../../metrics/index.js";
import type { EpochMetrics } from "../../runs/files/epoch-metrics.js";
import { interpolationThreshold, spreadOver } from "./statistics.js";
import type { StudyResults, StudyRowResults } from "./types.js";

/** A point of a curve: the value, and one standard error below and above. */
export interface CurvePoint {
  readonly series: string;
  readonly x: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Curves {
  readonly xTitle: string;
  readonly yTitle: string;
  readonly points: readonly CurvePoint[];
  readonly references: readonly { readonly series: string; readonly x: number; readonly value: number }[];
  readonly mark: { readonly x: number; readonly label: string } | null;
}

/** The point of a figure; empty if it was not measured. */
export function curvePoints(series: string, x: number, spread: Spread | null): CurvePoint[] {
  if (spread === null) return [];
  const { mean } = spread;
  const around = standardErrorOf(spread) ?? 0;
  return [{ series, x, value: mean, low: mean - around, high: mean + around }];
}

const errorOf = (accuracy: Spread | null) => accuracy && { ...accuracy, mean: 1 - accuracy.mean };

const TEST_ERROR = "Test error (%)";

/** The error of the last epoch over the grid axis, a curve for each series; the interpolation threshold is marked. */
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
      paper === undefined ? [] : [{ series, x: at, value: 1 - paper.testAccuracy }],
    ),
    mark: threshold === null ? null : { x: threshold, label: "interpolation threshold" },
  };
}

/** The error after each evaluated epoch, a curve for each row; epochs count from 1 because the axis is logarithmic. */
export function epochCurves({ rows }: StudyResults): Curves {
  const points = rows.flatMap((row) =>
    epochPoints(row, 1, ({ testAccuracy }) => (testAccuracy == null ? null : 1 - testAccuracy)),
  );
  return { xTitle: "Epochs trained", yTitle: TEST_ERROR, points, references: [], mark: null };
}

/** The robust accuracy after each evaluated epoch, a curve for each row; epochs count from 0. */
export function robustCurves({ rows }: StudyResults): Curves {
  const points = rows.flatMap((row) => epochPoints(row, 0, ({ robustAccuracy }) => robustAccuracy));
  return { xTitle: "Epoch", yTitle: "Robust accuracy, PGD-20 (%)", points, references: [], mark: null };
}

function epochPoints(
  { name, runs }: StudyRowResults,
  first: number,
  read: (epoch: EpochMetrics) => number | null | undefined,
): CurvePoint[] {
  const epochs = [...new Set(runs.flatMap(({ metrics }) => metrics.map(({ epoch }) => epoch)))].sort((a, b) => a - b);
  const found = new Map(runs.map((run) => [run, new Map(run.metrics.map((line) => [line.epoch, read(line)]))]));
  return epochs.flatMap((epoch) =>
    curvePoints(
      name,
      epoch + first,
      spreadOver(runs, (run) => found.get(run)?.get(epoch)),
    ),
  );
}
