// Curves of robust accuracy: over the radius of an attack, and over the epochs.

import type { AttackResult } from "../../../evaluation/attack/result.js";
import type { AttackSeries } from "../../../evaluation/attack/series.js";
import { percent, radiusText } from "../../../format.js";
import { curvesDrawing, legendItem } from "../../charts/curves.js";
import { FRAME, type Layer, VALUE_AXES } from "../../charts/plot-frame.js";
import type { Drawing } from "../../html/figure.js";
import { count } from "../../html/format.js";
import { html } from "../../html/html.js";
import { attackTitle } from "./attack-names.js";

const COLORS = ["var(--test)", "var(--run-1)", "var(--run-3)", "var(--run-4)", "var(--run-5)", "var(--run-6)"];

/** A curve for each attack that was run with several radii; those in the 2 norm only if there are no others. */
export function radiusDrawing(series: readonly AttackSeries[]): Drawing | null {
  const measured = series.filter(({ results }) => results.length > 1);
  const norm = measured.some(({ results }) => results[0]?.norm === "inf") ? "inf" : "2";
  const curves = measured
    .filter(({ results }) => results[0]?.norm === norm)
    .slice(-COLORS.length)
    .map(({ results }, i) => ({ name: nameOf(results), color: COLORS[i]!, results: byRadius(results) }));
  if (curves.length === 0) return null;
  const scale = norm === "inf" ? 255 : 1;
  return {
    title: "Robust accuracy by radius",
    caption: `Accuracy when each image may be perturbed within the radius; bars are 95% intervals. The legend has the values at the largest radius.`,
    legend: html`<ul class="legend">${curves.map((curve) => legendItem({ ...curve, dash: [] }, lastOf(curve.results)))}</ul>`,
    description: curves.map(({ name, results }) => `${name}: ${results.map(inWords).join(", ")}.`).join(" "),
    spec: { ...FRAME, layer: curves.flatMap(({ results, color }) => curveLayers(results, color, scale)) },
  };
}

function nameOf(results: readonly AttackResult[]): string {
  const [first] = results;
  return first === undefined ? "" : `${attackTitle(first)}, ${count(first.samples)} images, epoch ${first.epoch}`;
}

const byRadius = (results: readonly AttackResult[]) => [...results].sort((a, b) => a.epsilon - b.epsilon);
const lastOf = (results: readonly AttackResult[]) => percent(results.at(-1)?.robustAccuracy ?? 0);
const inWords = (result: AttackResult) => `${percent(result.robustAccuracy)} within ${radiusText(result)}`;

function curveLayers(results: readonly AttackResult[], color: string, scale: number): Layer[] {
  const values = results.map(({ epsilon, robustAccuracy, intervals }) => {
    const [low, high] = intervals.robustAccuracy;
    return { radius: epsilon * scale, value: robustAccuracy, low, high };
  });
  const title = scale === 1 ? "Radius in the 2 norm" : "Radius in the infinity norm (255ths)";
  const x = {
    field: "radius",
    type: "quantitative",
    title,
    axis: { ...VALUE_AXES.rate, grid: false, labelFlush: false },
  } as const;
  const y = {
    type: "quantitative",
    title: "Robust accuracy (%)",
    axis: VALUE_AXES.percent,
    scale: { domainMin: 0 },
  } as const;
  const data = { values };
  return [
    {
      data,
      mark: { type: "rule", color, strokeWidth: 1.25, opacity: 0.6 },
      encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } },
    },
    { data, mark: { type: "line", color, strokeWidth: 2.25 }, encoding: { x, y: { ...y, field: "value" } } },
    {
      data,
      mark: { type: "point", filled: true, size: 44, color, opacity: 1 },
      encoding: { x, y: { ...y, field: "value" } },
    },
  ];
}

/** Natural and robust accuracy over the attacked epochs; null for a single one. */
export function epochDrawing({ results }: AttackSeries): Drawing | null {
  const [first] = results;
  if (first === undefined || results.length < 2) return null;
  const values = (read: (result: AttackResult) => number) =>
    results.map((result) => ({ epoch: result.epoch, value: read(result) }));
  return curvesDrawing({
    title: "Robust accuracy by epoch",
    caption: `${attackTitle(first)} within ${radiusText(first)}, on ${count(first.samples)} images. If robust accuracy falls while natural accuracy rises, the network overfits to its training attack (robust overfitting).`,
    axis: "Accuracy (%)",
    unit: "percent",
    series: [
      {
        name: "Natural",
        color: "var(--true)",
        dash: [7, 3],
        values: values(({ naturalAccuracy }) => naturalAccuracy),
      },
      { name: "Robust", color: "var(--test)", dash: [], values: values(({ robustAccuracy }) => robustAccuracy) },
    ],
  });
}
