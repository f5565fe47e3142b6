// A study's figure: bars of test accuracy, or curves against the grid's axis, the epochs or the coverage, as a Vega-Lite specification.
import type { TopLevelSpec } from "vega-lite";
import { studyBars } from "./study-bars.js";
import { coverageFigure } from "./study-coverage-figure.js";
import { axisCurves, epochCurves, robustCurves } from "./study-curves.js";
import { curvesSpec } from "./study-curves-spec.js";
import type { StudyResults } from "./study-types.js";

const curvesOf = { axis: axisCurves, epochs: epochCurves, robust: robustCurves } as const;

/** The specification of the figure, black on white, to stand by itself; null while nothing has been measured. */
export function studyFigure(results: StudyResults): TopLevelSpec | null {
  const measured = results.rows.some(({ runs }) => runs.some(({ summary }) => summary.testAccuracy !== null));
  if (!measured) return null;
  if (results.draw === "bars") return studyBars(results);
  if (results.draw === "coverage") return coverageFigure(results);
  return curvesSpec(curvesOf[results.draw](results));
}
