// A table as bars: two for each row, the last epoch and the best on noisy validation, with the reference as a tick.
import type { TopLevelSpec } from "vega-lite";
import { bestOnValidation, lastEpoch, type Spread } from "./study-figures.js";
import { SERIES_COLOURS, STUDY_CONFIG } from "./study-style.js";
import type { StudyResults } from "./study-types.js";

const MEASURES = ["last epoch", "best on noisy validation"] as const;
const REFERENCE = "reference";

function bar(row: string, measure: string, spread: Spread | null) {
  if (spread === null) return [];
  const { mean, deviation } = spread;
  return [
    { row, measure, mean, low: mean - (deviation ?? 0), high: mean + (deviation ?? 0), several: deviation !== null },
  ];
}

/** Horizontal bars of mean test accuracy with one deviation around. */
export function studyBars({ rows }: StudyResults): TopLevelSpec {
  const bars = rows.flatMap((row) => [
    ...bar(row.name, MEASURES[0], lastEpoch(row)),
    ...bar(row.name, MEASURES[1], bestOnValidation(row)),
  ]);
  const references = rows.flatMap(({ name, paper }) =>
    paper === undefined ? [] : [{ row: name, measure: REFERENCE, mean: paper.testAccuracy }],
  );
  const measures = MEASURES.filter((measure) => bars.some((one) => one.measure === measure));
  const names = rows.map(({ name }) => name);
  const y = {
    field: "row",
    type: "nominal",
    title: null,
    scale: { domain: names },
    axis: { labelLimit: 300 },
  } as const;
  const yOffset = { field: "measure", type: "nominal", scale: { domain: measures } } as const;
  const axis = { format: "~%", tickCount: 6 } as const;
  const x = { field: "mean", type: "quantitative", title: "Test accuracy (%)", axis } as const;
  const range = [SERIES_COLOURS[1], "#9cc9e3", "#000000"];
  const domain = [...measures, ...(references.length > 0 ? [REFERENCE] : [])];
  const colours = domain.map((name) => range[[...MEASURES, REFERENCE].indexOf(name)] ?? "#000000");
  const color = { field: "measure", type: "nominal", scale: { domain, range: colours } } as const;
  return {
    width: 440,
    height: rows.length * (measures.length > 1 ? 34 : 26),
    data: { values: bars },
    layer: [
      { mark: { type: "bar" }, encoding: { x, y, yOffset, color } },
      {
        mark: { type: "rule", strokeWidth: 1.5, color: "#333" },
        transform: [{ filter: "datum.several" }],
        encoding: { x: { field: "low", type: "quantitative" }, x2: { field: "high" }, y, yOffset },
      },
      {
        data: { values: references },
        mark: { type: "tick", thickness: 2.5, bandSize: 22 },
        encoding: { x, y, color },
      },
    ],
    config: STUDY_CONFIG,
  };
}
