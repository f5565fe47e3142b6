// A study's matrix as a Vega-Lite specification: a dot for each method, one small plot for each condition.

import type { TopLevelSpec } from "vega-lite";
import { standardErrorOf } from "../../../metrics/index.js";
import { lastEpoch } from "../statistics.js";
import { SERIES_COLORS, STUDY_CONFIG } from "../style.js";
import type { StudyResults } from "../types.js";
import { type MatrixPart, matrixParts } from "./comparison.js";

/** Conditions beside each other. */
const COLUMNS = 4;

/** Dots of mean test accuracy with one standard error each way, a row of plots for every part. */
export function matrixFigure(results: StudyResults): TopLevelSpec {
  const baseline = results.matrix?.baseline ?? "";
  return { vconcat: matrixParts(results).map((part) => partPlots(part, baseline)), config: STUDY_CONFIG };
}

function dots({ methods, conditions, row }: MatrixPart, baseline: string) {
  return conditions.flatMap((condition) =>
    methods.flatMap((method) => {
      const found = row(method, condition);
      const spread = found === undefined ? null : lastEpoch(found);
      if (spread === null) return [];
      const around = standardErrorOf(spread) ?? 0;
      const { mean } = spread;
      return [{ condition, method, mean, low: mean - around, high: mean + around, baseline: method === baseline }];
    }),
  );
}

function partPlots(part: MatrixPart, baseline: string) {
  const { title, methods, conditions } = part;
  const y = { field: "method", type: "nominal", title: null, sort: [...methods], axis: { labelLimit: 400 } } as {
    field: "method";
    type: "nominal";
    title: null;
    sort: string[];
    axis: { labelLimit: number };
  };
  const scale = { zero: false, nice: true } as const;
  const x = {
    field: "mean",
    type: "quantitative",
    title: "test accuracy",
    scale,
    axis: { format: "~%", tickCount: 4 },
  } as const;
  const color = {
    condition: { test: "datum.baseline", value: SERIES_COLORS[0] },
    value: SERIES_COLORS[1],
  } as const;
  return {
    title: { text: title, orient: "top" as const, offset: 8 },
    data: { values: dots(part, baseline) },
    facet: { field: "condition", type: "nominal", title: null, sort: [...conditions] } as const,
    columns: Math.min(COLUMNS, conditions.length),
    resolve: { scale: { x: "independent" as const } },
    spec: {
      width: 150,
      height: methods.length * 20,
      layer: [
        {
          mark: { type: "rule", strokeWidth: 1.5 },
          encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y, color },
        },
        { mark: { type: "point", filled: true, size: 50, opacity: 1 }, encoding: { x, y, color } },
      ],
    },
  } satisfies Extract<TopLevelSpec, { vconcat: unknown }>["vconcat"][number];
}
