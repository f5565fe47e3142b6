// A study's figure as a Vega-Lite specification: bars or dots of test accuracy, or curves over the grid axis, the epochs or the coverage.
import type { TopLevelSpec } from "vega-lite";
import { curvesSpec } from "../charts/bands-spec.js";
import { studyBars } from "./bars.js";
import { coverageFigure } from "./coverage/figure.js";
import { axisCurves, epochCurves, robustCurves } from "./curves.js";
import { matrixFigure } from "./matrix/figure.js";
import { representationsFigure } from "./representations-figure.js";
import type { StudyResults } from "./types.js";

const curvesOf = { axis: axisCurves, epochs: epochCurves, robust: robustCurves } as const;

/** The specification of the standalone figure, black on white; null before anything has been measured. */
export function studyFigure(results: StudyResults): TopLevelSpec | null {
  if (results.draw === "representations") return representationsFigure(results);
  const measured = results.rows.some(({ runs }) => runs.some(({ summary }) => summary.testAccuracy !== null));
  if (!measured) return null;
  if (results.draw === "bars") return studyBars(results);
  if (results.draw === "matrix") return matrixFigure(results);
  if (results.draw === "coverage") return coverageFigure(results);
  return curvesSpec(curvesOf[results.draw](results));
}
