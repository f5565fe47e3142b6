// Curves with bands as a Vega-Lite specification.
import type { TopLevelSpec } from "vega-lite";
import type { Curves } from "./study-curves.js";
import { SERIES_COLOURS, STUDY_CONFIG } from "./study-style.js";

type Layer = Extract<TopLevelSpec, { layer: unknown }>["layer"][number];

/** Beyond this ratio of the largest to the smallest place, the axis is logarithmic. */
const WIDE = 8;

function scaleOf(places: readonly number[]) {
  const [least, most] = [Math.min(...places), Math.max(...places)];
  const log = least > 0 && most / least >= WIDE;
  return log ? ({ type: "log", base: 2, nice: false } as const) : ({ zero: false, nice: false } as const);
}

/** Lines in the series' colours, bands of one deviation, hollow reference points, and a line at the mark. */
export function curvesSpec({ points, references, mark, xTitle }: Curves): TopLevelSpec {
  const domain = [...new Set(points.map(({ series }) => series))];
  const range = domain.map((_, i) => SERIES_COLOURS[i % SERIES_COLOURS.length] ?? "black");
  const scale = scaleOf([...points, ...references].map(({ x }) => x));
  const x = { field: "x", type: "quantitative", title: xTitle, scale, axis: { grid: false, format: "~g" } } as const;
  const color = {
    field: "series",
    type: "nominal",
    scale: { domain, range },
    legend: { symbolType: "stroke" },
  } as const;
  const y = {
    field: "error",
    type: "quantitative",
    title: "Test error (%)",
    axis: { format: "~%", tickCount: 6 },
  } as const;
  const band = { y: { ...y, field: "low" }, y2: { field: "high" } } as const;
  const layer: Layer[] = [
    { mark: { type: "area", opacity: 0.18 }, encoding: { x, ...band, color } },
    { mark: { type: "line", strokeWidth: 2.25 }, encoding: { x, y, color } },
    { data: { values: [...references] }, mark: { type: "point", size: 60, strokeWidth: 2 }, encoding: { x, y, color } },
  ];
  return {
    width: 560,
    height: 320,
    padding: { left: 4, right: 12, top: 8, bottom: 4 },
    data: { values: [...points] },
    ...(references.length > 0 && { title: "Circles: the paper's values." }),
    layer: mark === null ? layer : [...layer, ...markLayers(mark, x)],
    config: STUDY_CONFIG,
  };
}

function markLayers(mark: NonNullable<Curves["mark"]>, x: object): Layer[] {
  const data = { values: [mark] };
  const place = { ...x, field: "x", type: "quantitative" } as const;
  return [
    { data, mark: { type: "rule", strokeDash: [3, 3], opacity: 0.6 }, encoding: { x: place } },
    {
      data,
      mark: { type: "text", align: "left", baseline: "top", dx: 5, fontSize: 12 },
      encoding: { x: place, y: { value: 2 }, text: { field: "label" } },
    },
  ];
}
