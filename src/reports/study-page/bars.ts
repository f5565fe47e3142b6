// A bar chart of a study: the last epoch and the best on noisy validation for each row, with the reference as a tick.

import type { TopLevelSpec } from "vega-lite";
import { type Spread, standardErrorOf } from "../../metrics/index.js";
import { bestOnValidation, lastEpoch } from "./statistics.js";
import { SERIES_COLORS, STUDY_CONFIG } from "./style.js";
import type { StudyResults, StudyRowResults } from "./types.js";

const LAST = "last epoch";
const BEST = "best on noisy validation";
const REFERENCE = "reference";

/** In the order of the legend. */
const COLORS = new Map<string, string>([
  [LAST, SERIES_COLORS[1]],
  [BEST, "#9cc9e3"],
  [REFERENCE, "#000000"],
]);

function bar(row: string, measure: string, spread: Spread | null) {
  if (spread === null) return [];
  const { mean } = spread;
  const error = standardErrorOf(spread);
  const around = error ?? 0;
  return [{ row, measure, mean, low: mean - around, high: mean + around, several: error !== null }];
}

const barsOf = (row: StudyRowResults) => [
  ...bar(row.name, LAST, lastEpoch(row)),
  ...bar(row.name, BEST, bestOnValidation(row)),
];

const referenceOf = ({ name, paper }: StudyRowResults) =>
  paper === undefined ? [] : [{ row: name, measure: REFERENCE, mean: paper.testAccuracy }];

/** The series and their colors. */
function encodings(names: string[], measures: readonly string[]) {
  const domain = [...COLORS.keys()].filter((name) => measures.includes(name));
  const range = domain.map((name) => COLORS.get(name) ?? "");
  const axis = { format: "~%", tickCount: 6 } as const;
  return {
    x: { field: "mean", type: "quantitative", title: "Test accuracy (%)", axis },
    y: { field: "row", type: "nominal", title: null, scale: { domain: names }, axis: { labelLimit: 300 } },
    yOffset: { field: "measure", type: "nominal", scale: { domain: domain.filter((name) => name !== REFERENCE) } },
    color: { field: "measure", type: "nominal", scale: { domain, range } },
  } as const;
}

/** Horizontal bars of mean test accuracy, with error bars of one standard error. */
export function studyBars({ rows }: StudyResults): TopLevelSpec {
  const [bars, references] = [rows.flatMap(barsOf), rows.flatMap(referenceOf)];
  const names = rows.map(({ name }) => name);
  const { x, y, yOffset, color } = encodings(
    names,
    [...bars, ...references].map(({ measure }) => measure),
  );
  const ends = { x: { field: "low", type: "quantitative" }, x2: { field: "high" } } as const;
  return {
    width: 440,
    height: rows.length * (bars.some(({ measure }) => measure === BEST) ? 34 : 26),
    data: { values: bars },
    layer: [
      { mark: { type: "bar" }, encoding: { x, y, yOffset, color } },
      {
        mark: { type: "rule", strokeWidth: 1.5, color: "#333" },
        transform: [{ filter: "datum.several" }],
        encoding: { ...ends, y, yOffset },
      },
      { data: { values: references }, mark: { type: "tick", thickness: 2.5, bandSize: 22 }, encoding: { x, y, color } },
    ],
    config: STUDY_CONFIG,
  };
}
