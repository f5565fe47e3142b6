// Curves with error bands as a Vega-Lite specification.
import type { TopLevelSpec } from "vega-lite";
import type { Curves } from "../study-page/curves.js";
import { SERIES_COLORS, STUDY_CONFIG } from "../study-page/style.js";

type Layer = Extract<TopLevelSpec, { layer: unknown }>["layer"][number];

/** The x axis is logarithmic if the ratio of its largest to its smallest value is at least this. */
const LOG_RATIO = 8;

/** With at most this many x values, each gets a tick and a point. */
const MAX_TICKS = 24;

const LOGARITHMIC = { type: "log", base: 2, nice: false } as const;
const LINEAR = { zero: false, nice: false } as const;

function xEncoding({ points, references, xTitle }: Curves) {
  const values = [...new Set([...points, ...references].map(({ x }) => x))];
  const [min, max] = [Math.min(...values), Math.max(...values)];
  const isLog = min > 0 && max / min >= LOG_RATIO;
  const ticks = isLog || values.length > MAX_TICKS ? {} : { values };
  return {
    field: "x",
    type: "quantitative",
    title: xTitle,
    scale: isLog ? LOGARITHMIC : LINEAR,
    axis: { grid: false, format: "~r", ...ticks },
  } as const;
}

function colorEncoding({ points, references }: Curves) {
  const domain = [...new Set([...points, ...references].map(({ series }) => series))];
  const range = domain.map((_, i) => SERIES_COLORS[i % SERIES_COLORS.length] ?? "black");
  return { field: "series", type: "nominal", scale: { domain, range }, legend: { symbolType: "stroke" } } as const;
}

const valueEncoding = ({ yTitle }: Curves) =>
  ({
    field: "value",
    type: "quantitative",
    title: yTitle,
    axis: { format: "~%", tickCount: 6 },
    scale: { zero: false },
  }) as const;

/** Lines with bands of one standard error, hollow reference points, and a vertical rule at the mark. */
export function curvesSpec(curves: Curves): TopLevelSpec {
  return { ...curvesView(curves), padding: { left: 4, right: 12, top: 8, bottom: 4 }, config: STUDY_CONFIG };
}

/** The same as a panel of a larger figure, with its name as the title. */
export function curvesView(curves: Curves, name: string | null = null) {
  const { points, references, mark } = curves;
  const [x, value, color] = [xEncoding(curves), valueEncoding(curves), colorEncoding(curves)];
  const circles = references.length > 0 ? ["circles: reference values"] : [];
  const title = [...(name === null ? [] : [name]), ...circles].join("; ");
  const point = new Set(points.map((one) => one.x)).size <= MAX_TICKS ? { size: 36, filled: true } : false;
  const band = { y: { ...value, field: "low" }, y2: { field: "high" } } as const;
  const layer: Layer[] = [
    { mark: { type: "area", opacity: 0.18 }, encoding: { x, ...band, color } },
    { mark: { type: "line", strokeWidth: 2.25, point }, encoding: { x, y: value, color } },
    {
      data: { values: [...references] },
      mark: { type: "point", size: 70, strokeWidth: 2 },
      encoding: { x, y: value, color },
    },
  ];
  return {
    width: 560,
    height: 320,
    data: { values: [...points] },
    ...(title !== "" && { title: `${title.charAt(0).toUpperCase()}${title.slice(1)}.` }),
    layer: mark === null ? layer : [...layer, ...markLayers(mark, x)],
  };
}

function markLayers(mark: NonNullable<Curves["mark"]>, x: ReturnType<typeof xEncoding>): Layer[] {
  const data = { values: [mark] };
  return [
    { data, mark: { type: "rule", strokeDash: [3, 3], opacity: 0.6 }, encoding: { x } },
    {
      data,
      mark: { type: "text", align: "left", baseline: "top", dx: 5, fontSize: 12 },
      encoding: { x, y: { value: 2 }, text: { field: "label" } },
    },
  ];
}
