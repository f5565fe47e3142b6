// A bar chart of accuracy on frozen features: nearest neighbors and a linear classifier for each row.

import type { TopLevelSpec } from "vega-lite";
import { type Spread, standardErrorOf } from "../../metrics/index.js";
import { representationsRows } from "./representations.js";
import { SERIES_COLORS, STUDY_CONFIG } from "./style.js";
import type { StudyResults } from "./types.js";

const KNN = "nearest neighbors";
const LINEAR = "linear classifier";
const MEASURES: string[] = [KNN, LINEAR];

function bar(row: string, measure: string, spread: Spread | null) {
  if (spread === null) return [];
  const { mean } = spread;
  const error = standardErrorOf(spread);
  const around = error ?? 0;
  return [{ row, measure, mean, low: mean - around, high: mean + around, several: error !== null }];
}

/** Horizontal bars of mean accuracy, with error bars of one standard error; null before anything has been measured. */
export function representationsFigure(results: StudyResults): TopLevelSpec | null {
  const rows = representationsRows(results);
  const values = rows.flatMap(({ name, knn, linear }) => [...bar(name, KNN, knn), ...bar(name, LINEAR, linear)]);
  if (values.length === 0) return null;
  const y = {
    field: "row",
    type: "nominal",
    title: null,
    scale: { domain: rows.map(({ name }) => name) },
    axis: { labelLimit: 300 },
  } as const;
  const yOffset = { field: "measure", type: "nominal", scale: { domain: MEASURES } } as const;
  const range = [SERIES_COLORS[1], SERIES_COLORS[0]];
  const color = { field: "measure", type: "nominal", scale: { domain: MEASURES, range } } as const;
  const x = {
    field: "mean",
    type: "quantitative",
    title: "Accuracy on frozen features (%)",
    axis: { format: "~%", tickCount: 6 },
  } as const;
  const ends = { x: { field: "low", type: "quantitative" }, x2: { field: "high" } } as const;
  return {
    width: 440,
    height: rows.length * 34,
    data: { values },
    layer: [
      { mark: { type: "bar" }, encoding: { x, y, yOffset, color } },
      {
        mark: { type: "rule", strokeWidth: 1.5, color: "#333" },
        transform: [{ filter: "datum.several" }],
        encoding: { ...ends, y, yOffset },
      },
    ],
    config: STUDY_CONFIG,
  };
}
