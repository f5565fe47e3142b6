// Size, axes and style of all plots; colors and font come from the page.
import type { TopLevelSpec } from "vega-lite";

export type Layer = Extract<TopLevelSpec, { layer: unknown }>["layer"][number];

/** The axis format of each unit. */
export const VALUE_AXES = {
  percent: { format: "~%", tickCount: 5 },
  nats: { format: "~g", tickCount: 5 },
  rate: { format: "~g", tickCount: 5 },
  count: { format: ",d", tickCount: 5 },
} as const;

/** The style of every plot, in the text color of the page. */
export const CONFIG = {
  aria: false,
  background: "transparent",
  font: "inherit",
  view: { stroke: null },
  axis: {
    labelColor: "currentColor",
    labelFontSize: 12,
    labelOpacity: 0.75,
    labelPadding: 6,
    titleColor: "currentColor",
    titleFontSize: 12,
    titleFontWeight: 500,
    titleOpacity: 0.9,
    titlePadding: 10,
    gridColor: "currentColor",
    gridOpacity: 0.12,
    domainColor: "currentColor",
    domainOpacity: 0.4,
    tickColor: "currentColor",
    tickOpacity: 0.4,
  },
  axisY: { domain: false, ticks: false },
} as const;

/** The frame of a plot, 560 x 300 pixels. */
export const FRAME = {
  width: 560,
  height: 300,
  autosize: { type: "fit", contains: "padding" },
  padding: { left: 2, right: 10, top: 6, bottom: 2 },
  config: CONFIG,
} as const;
