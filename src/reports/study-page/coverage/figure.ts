// The figure of a coverage table: risk-coverage curves, one panel for each group of lines.
import type { TopLevelSpec } from "vega-lite";
import { curvesSpec, curvesView } from "../../charts/bands-spec.js";
import { type Curves, curvePoints } from "../curves.js";
import { spreadOfSeeds } from "../statistics.js";
import { STUDY_CONFIG } from "../style.js";
import type { StudyResults } from "../types.js";
import { type CoverageLine, coverageLines } from "./coverage.js";

/** The curves of each group, from the smallest coverage to 100%. */
export function coverageCurves(results: Pick<StudyResults, "rows">): Map<string | null, Curves> {
  const lines = coverageLines(results);
  const groups = [...new Set(lines.map(({ group }) => group))];
  return new Map(groups.map((group) => [group, curvesOf(lines.filter((line) => line.group === group))]));
}

function curvesOf(lines: readonly CoverageLine[]): Curves {
  const cells = lines.flatMap(({ name, cells }) => [...cells].map(([coverage, cell]) => ({ name, coverage, cell })));
  return {
    xTitle: "Coverage (%)",
    yTitle: "Selective risk (%)",
    points: cells.flatMap(({ name, coverage, cell }) => curvePoints(name, coverage, spreadOfSeeds(cell.error))),
    references: cells.flatMap(({ name, coverage, cell }) =>
      cell.reference === null ? [] : [{ series: name, x: coverage, value: cell.reference.mean }],
    ),
    mark: null,
  };
}

/** Lines with bands of one standard error, and hollow circles for the reference values. */
export function coverageFigure(results: Pick<StudyResults, "rows">): TopLevelSpec {
  const panels = [...coverageCurves(results)];
  const [[, first] = []] = panels;
  if (panels.length === 1 && first !== undefined) return curvesSpec(first);
  return {
    vconcat: panels.map(([group, curves]) => curvesView(curves, group)),
    resolve: { scale: { color: "independent" } },
    config: STUDY_CONFIG,
  };
}
