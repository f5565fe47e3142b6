// A noise matrix as a heat map: a Vega-Lite specification.
import type { TopLevelSpec } from "vega-lite";
import { FRAME, type Layer } from "./plot-frame.js";

/** Cells are labeled with numbers for at most this many classes. */
export const MAX_NUMBERED = 12;

// Opacity above which numbers are printed in a light color.
const DARK_CELL = 0.7;

interface Cell {
  readonly truth: string;
  readonly given: string;
  readonly fraction: number;
  readonly diagonal: boolean;
}

/** One matrix; an off-diagonal fraction of `strongest` gets the full color. */
export interface MatrixPlot {
  readonly classes: readonly string[];
  readonly matrix: readonly (readonly number[])[];
  readonly strongest: number;
  /** What the rows are. */
  readonly rowTitle: string;
}

/** Rows are true classes, columns are given labels. The diagonal, where labels are correct, is gray. */
export function matrixSpec({ classes, matrix, strongest, rowTitle }: MatrixPlot): TopLevelSpec {
  const cells = matrix.flatMap((row, i) => row.map((fraction, j) => cell(classes, fraction, i, j)));
  const numbered = classes.length <= MAX_NUMBERED;
  const styled = cells.map((one) => ({ ...one, ...look(one, strongest) }));
  const axis = { grid: false, domain: false, ticks: false, labelLimit: 120, titlePadding: 2 } as const;
  const names = { type: "nominal" as const, sort: null, scale: { domain: [...classes], padding: 0 } };
  return {
    ...FRAME,
    height: 420,
    data: { values: styled },
    encoding: {
      x: { ...names, field: "given", title: "Given label", axis: { ...axis, labelAngle: -40 } },
      y: { ...names, field: "truth", title: rowTitle, axis },
    },
    layer: [SQUARES, ...(numbered ? [NUMBERS] : [])],
  };
}

function cell(classes: readonly string[], fraction: number, i: number, j: number): Cell {
  return { truth: classes[i]!, given: classes[j]!, fraction, diagonal: i === j };
}

function look({ fraction, diagonal }: Cell, strongest: number) {
  const opacity = diagonal ? 0.09 : strongest > 0 ? Math.min(1, fraction / strongest) : 0;
  return {
    opacity,
    fill: diagonal ? "currentColor" : "var(--heat)",
    ink: !diagonal && opacity >= DARK_CELL ? "var(--on-heat)" : "currentColor",
    text: cellText(fraction),
  };
}

// In percent, with two significant digits.
function cellText(fraction: number): string {
  const value = 100 * fraction;
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
