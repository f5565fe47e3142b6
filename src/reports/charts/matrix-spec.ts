// A noise matrix as a heat map: a Vega-Lite specification.
import type { TopLevelSpec } from "vega-lite";
import { FRAME, type Layer } from "./plot-frame.js";

/** The most classes whose cells carry numbers. */
export const MOST_NUMBERED = 12;

// The share of the strongest color from which light numbers are read better than dark ones.
const STRONG = 0.7;

interface Cell {
  readonly truth: string;
  readonly given: string;
  readonly share: number;
  readonly diagonal: boolean;
}

/** One matrix; a share of `strongest` off the diagonal gets the full color. */
export interface MatrixPlot {
  readonly classes: readonly string[];
  readonly matrix: readonly (readonly number[])[];
  readonly strongest: number;
  /** What the rows are. */
  readonly rows: string;
}

/** Rows are true classes, columns labels given. The diagonal, where labels are right, stays gray. */
export function matrixSpec({ classes, matrix, strongest, rows }: MatrixPlot): TopLevelSpec {
  const cells = matrix.flatMap((row, i) => row.map((share, j) => cell(classes, share, i, j)));
  const numbered = classes.length <= MOST_NUMBERED;
  const shown = cells.map((one) => ({ ...one, ...look(one, strongest) }));
  const axis = { grid: false, domain: false, ticks: false, labelLimit: 120, titlePadding: 2 } as const;
  const names = { type: "nominal" as const, sort: null, scale: { domain: [...classes], padding: 0 } };
  return {
    ...FRAME,
    height: 420,
    data: { values: shown },
    encoding: {
      x: { ...names, field: "given", title: "Label given", axis: { ...axis, labelAngle: -40 } },
      y: { ...names, field: "truth", title: rows, axis },
    },
    layer: [SQUARES, ...(numbered ? [NUMBERS] : [])],
  };
}

function cell(classes: readonly string[], share: number, i: number, j: number): Cell {
  return { truth: classes[i]!, given: classes[j]!, share, diagonal: i === j };
}

function look({ share, diagonal }: Cell, strongest: number) {
  const opacity = diagonal ? 0.09 : strongest > 0 ? Math.min(1, share / strongest) : 0;
  return {
    opacity,
    fill: diagonal ? "currentColor" : "var(--heat)",
    ink: !diagonal && opacity >= STRONG ? "var(--on-heat)" : "currentColor",
    text: cellText(share),
  };
}

// Two digits are what a cell has room for, and what an estimate is worth.
function cellText(share: number): string {
  const value = 100 * share;
  if (value < 0.05) return "";
  return value.toFixed(value < 9.95 ? 1 : 0);
}

const SQUARES: Layer = {
  mark: { type: "rect", stroke: "var(--card)", strokeWidth: 2 },
  encoding: {
    fill: { field: "fill", type: "nominal", scale: null },
    fillOpacity: { field: "opacity", type: "quantitative", scale: null },
  },
};

const NUMBERS: Layer = {
  mark: { type: "text", fontSize: 12.5 },
  encoding: {
    text: { field: "text", type: "nominal" },
    color: { field: "ink", type: "nominal", scale: null },
  },
};
