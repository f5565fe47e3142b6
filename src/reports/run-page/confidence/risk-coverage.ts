// The risk-coverage curve of the test set: the error rate among the most confident predictions.
import { percent } from "../../../format.js";
import { type Correctness, riskCoverage } from "../../../metrics/index.js";
import type { ScoreFigures } from "../../../runs/files/run-summary.js";
import { legendItem } from "../../charts/curves.js";
import { FRAME, type Layer, VALUE_AXES } from "../../charts/plot-frame.js";
import type { Drawing } from "../../html/figure.js";
import { html } from "../../html/html.js";
import { type Abstention, SCORE_NAMES } from "./abstention.js";

interface Point {
  readonly coverage: number;
  readonly risk: number;
}

interface Curve {
  readonly name: string;
  readonly color: string;
  readonly points: readonly Point[];
}

/** One point for each half percent of coverage. */
const STEPS = 200;

/** Below this coverage, single predictions make the curve jump. */
const LEAST_COVERAGE = 0.02;

/** The run's own score comes first, in the color of the test set. */
const COLORS = ["var(--test)", "var(--run-1)", "var(--run-3)", "var(--run-4)", "var(--run-5)", "var(--rate)"];

/**
 * The curve, subsampled for plotting: for each half percent of coverage from 2% on, the first point at or beyond it.
 * @see `riskCoverage` for how ties are taken.
 */
export function thinCurve(confidence: ArrayLike<number>, correct: Correctness): Point[] {
  const kept: Point[] = [];
  let next = LEAST_COVERAGE;
  for (const { coverage, risk } of riskCoverage(confidence, correct)) {
    if (coverage < next && coverage < 1) continue;
    kept.push({ coverage, risk });
    next = (Math.floor(coverage * STEPS + 1e-9) + 1) / STEPS;
  }
  return kept;
}

/** The points in a run's summary; the only ones for MC dropout. */
function summaryCurve({ errorAtCoverage }: ScoreFigures): Point[] {
  const points = Object.entries(errorAtCoverage).map(([coverage, risk]) => ({
    coverage: Number(coverage) / 100,
    risk,
  }));
  return points.sort((a, b) => a.coverage - b.coverage);
}

/** One curve for each score, that of the run in front and thicker, with the coverage at its threshold. */
export function riskCoverageDrawing(abstention: Abstention, dropout: ScoreFigures | undefined): Drawing {
  const { confidences, correct, score: primary } = abstention;
  const measured = [...confidences].map(([score, confidence]) => ({ score, points: thinCurve(confidence, correct) }));
  const all = dropout ? [...measured, { score: "mc-dropout" as const, points: summaryCurve(dropout) }] : measured;
  const curves = all.map(({ score, points }, i) => ({ name: SCORE_NAMES[score], color: COLORS[i]!, points }));
  const mark = thresholdPoint(abstention);
  return {
    title: "Risk-coverage curve",
    caption: `Wrong predictions among the most confident part of the test set; the run's score is ${SCORE_NAMES[primary]}. The figures are at 90% coverage; lower is better.`,
    legend: html`<ul class="legend">${curves.map((curve) => legendItem({ ...curve, dash: [] }, errorAt90(curve)))}</ul>`,
    description: `Risk-coverage curve on the test set: ${curves.map((curve) => `${curve.name} ${errorAt90(curve)} at 90%`).join("; ")}.`,
    spec: { ...FRAME, layer: [...(mark === null ? [] : markLayers(mark)), ...curveLayers(curves)] },
  };
}

/** The error at the first point at or beyond a coverage, as in the authors' code. */
function errorAt90({ points }: Curve): string {
  return percent(points.find(({ coverage }) => coverage >= 0.9 - 1e-9)?.risk ?? 0);
}

/** The calibrated threshold on the curve of its score; null without one, and if it accepts no sample. */
export function thresholdPoint({ score, confidences, correct, threshold }: Abstention): Point | null {
  if (threshold === null) return null;
  const confidence = confidences.get(score)!;
  const answered = [...confidence.keys()].filter((i) => confidence[i]! >= threshold);
  if (answered.length === 0) return null;
  const wrong = answered.filter((i) => !correct[i]).length;
  return { coverage: answered.length / confidence.length, risk: wrong / answered.length };
}

const X = {
  field: "coverage",
  type: "quantitative",
  title: "Coverage (%)",
  axis: { ...VALUE_AXES.percent, grid: false, labelFlush: false },
  scale: { domainMin: 0, domainMax: 1 },
} as const;

const Y = {
  field: "risk",
  type: "quantitative",
  title: "Selective risk (%)",
  axis: VALUE_AXES.percent,
  scale: { zero: true },
} as const;

function curveLayers(curves: readonly Curve[]): Layer[] {
  const layer = ({ points, color }: Curve, i: number): Layer => ({
    data: { values: [...points] },
    mark: { type: "line", color, strokeWidth: i === 0 ? 3 : 1.5, opacity: i === 0 ? 1 : 0.9 },
    encoding: { x: X, y: Y },
  });
  return curves.map(layer).reverse();
}

function markLayers(mark: Point): Layer[] {
  const data = { values: [{ ...mark, label: `threshold: ${percent(mark.coverage)} coverage` }] };
  const text = { type: "text", align: "right", baseline: "top", dx: -6, fontSize: 12 } as const;
  return [
    { data, mark: { type: "rule", strokeDash: [2, 3], color: "currentColor", opacity: 0.55 }, encoding: { x: X } },
    {
      data,
      mark: { ...text, color: "currentColor", opacity: 0.75 },
      encoding: { x: X, y: { value: 0 }, text: { field: "label" } },
    },
    {
      data,
      mark: { type: "point", filled: true, size: 70, color: "var(--test)", opacity: 1 },
      encoding: { x: X, y: Y },
    },
  ];
}
