// The figure of a coverage table: error against coverage, a panel for each group of its lines.
import type { TopLevelSpec } from "vega-lite";
import { curvesSpec, curvesView } from "../../charts/bands-spec.js";
import { type Curves, curvePoints } from "../curves.js";
import { STUDY_CONFIG } from "../style.js";
import type { StudyResults } from "../types.js";
import { type CoverageLine, coverageLines } from "./coverage.js";

/** The curves of each group, from the least coverage to the whole. */
export function coverageCurves(results: Pick<StudyResults, "rows">): Map<string | null, Curves> {
  const lines = coverageLines(results);
  const groups = [...new Set(lines.map(({ group }) => group))];
  return new Map(groups.map((group) => [group, curvesOf(lines.filter((line) => line.group === group))]));
}

function curvesOf(lines: readonly CoverageLine[]): Curves {
  const cells = lines.flatMap(({ name, cells }) => [...cells].map(([coverage, cell]) => ({ name, coverage, cell })));
  return {
    xTitle: "Coverage (%)",
    yTitle: "Error among the answered (%)",
    points: cells.flatMap(({ name, coverage, cell }) => curvePoints(name, coverage, cell.error)),
    references: cells.flatMap(({ name, coverage, cell }) =>
      cell.reference === null ? [] : [{ series: name, x: coverage, value: cell.reference.mean }],
    ),
    mark: null,
  };
}

/** Lines with bands of one deviation, and hollow circles for what they are set against. */
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
