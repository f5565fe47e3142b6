// Curves over the epochs as a Vega-Lite specification.
import type { TopLevelSpec } from "vega-lite";
import { FRAME, type Layer, VALUE_AXES } from "./plot-frame.js";

/** The number format of an axis. */
export type Unit = "percent" | "nats" | "rate" | "count";

/** One curve. The color is a CSS color or a variable of the page's style sheet. */
export interface Series {
  readonly name: string;
  readonly color: string;
  /** Dash and gap lengths in pixels; empty for a solid line. */
  readonly dash: readonly number[];
  readonly values: readonly { readonly epoch: number; readonly value: number }[];
}

/** Curves of one quantity over the epochs. */
export interface Plot {
  readonly title: string;
  /** A sentence on what is plotted. */
  readonly caption: string;
  readonly axis: string;
  readonly unit: Unit;
  readonly series: readonly Series[];
  /** An epoch marked by a vertical rule, with its label. */
  readonly mark?: { readonly epoch: number; readonly label: string } | null;
}

/** The Vega-Lite specification of a plot, 560 x 300 pixels; colors and font come from the page. */
export function plotSpec(plot: Plot): TopLevelSpec {
  return {
    ...FRAME,
    padding: { ...FRAME.padding, top: plot.mark ? 20 : 6 },
    data: { values: plot.series.flatMap(rows) },
    layer: [...markLayers(plot), ...curveLayers(plot)],
  };
}

function rows({ name, values }: Series) {
  return values.map(({ epoch, value }, i) => ({ series: name, epoch, value, last: i === values.length - 1 }));
}

function curveLayers({ axis, unit, series }: Plot): Layer[] {
  const domain = series.map(({ name }) => name);
  const encoding = {
    x: { field: "epoch", type: "quantitative", title: "Epoch", axis: EPOCH_AXIS, scale: { nice: false, zero: false } },
    y: {
      field: "value",
      type: "quantitative",
      title: axis,
      axis: VALUE_AXES[unit],
      scale: { zero: unit !== "percent" || needsZero(series) },
    },
    color: {
      field: "series",
      type: "nominal",
      legend: null,
      scale: { domain, range: series.map(({ color }) => color) },
    },
  } as const;
  const strokeDash = {
    field: "series",
    type: "nominal",
    legend: null,
    scale: { domain, range: series.map(({ dash }) => [...dash]) },
  } as const;
  return [
    { mark: { type: "line", strokeWidth: 2.25 }, encoding: { ...encoding, strokeDash } },
    { mark: { type: "point", filled: true, size: 44, opacity: 1 }, transform: [{ filter: "datum.last" }], encoding },
  ];
}

function markLayers({ mark, series }: Plot): Layer[] {
  if (!mark) return [];
  const data = { values: [mark] };
  const x = { field: "epoch", type: "quantitative" } as const;
  const late = mark.epoch > Math.max(...series.map(({ values }) => values.at(-1)?.epoch ?? 0)) / 2;
  const text = { type: "text", align: late ? "right" : "left", baseline: "bottom", fontSize: 12 } as const;
  return [
    { data, mark: { type: "rule", strokeDash: [2, 3], color: "currentColor", opacity: 0.55 }, encoding: { x } },
    {
      data,
      mark: { ...text, color: "currentColor", opacity: 0.75 },
      encoding: { x, y: { value: -4 }, text: { field: "label" } },
    },
  ];
}

// Fractions that are all above a half are easier to compare on an axis that does not start at zero.
function needsZero(series: readonly Series[]): boolean {
  const values = series.flatMap((one) => one.values.map(({ value }) => value));
  const lowest = values.reduce((least, value) => Math.min(least, value), 1);
  return lowest < 0.5 || values.every((value) => value === lowest);
}

const EPOCH_AXIS = { grid: false, labelFlush: false, format: "d", tickMinStep: 1, tickCount: 8 } as const;
