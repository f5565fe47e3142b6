// The reliability diagram of the test set: accuracy against confidence.

import { percent } from "../../../format.js";
import type { ReliabilityBin } from "../../../issues/findings.js";
import { FRAME, type Layer, VALUE_AXES } from "../../charts/plot-frame.js";
import type { Drawing } from "../../html/figure.js";
import { html } from "../../html/html.js";

/**
 * Expected calibration error: sum_m n_m |a_m - c_m| / sum_m n_m over bins of n_m samples, accuracy a_m and confidence c_m.
 * @see Guo et al. 2017, equation 3 (arXiv 1706.04599)
 */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const total = bins.reduce((sum, { samples }) => sum + samples, 0);
  const gaps = bins.map(({ confidence, accuracy, samples }) => samples * Math.abs(accuracy - confidence));
  return gaps.reduce((sum, gap) => sum + gap, 0) / total;
}

/** Accuracy against confidence, a point for each bin, and the diagonal; null if all bins are empty. `temperature`: of the confidence. */
export function reliabilityDrawing(all: readonly ReliabilityBin[], temperature = 1): Drawing | null {
  const bins = all.filter(({ samples }) => samples > 0);
  if (bins.length === 0) return null;
  const error = percent(calibrationError(bins));
  const scaled = temperature === 1 ? "" : `, at the calibrated temperature ${temperature.toFixed(3)}`;
  return {
    title: "Reliability diagram",
    caption: `On the test set${scaled}; larger points have more samples. Below the diagonal the network is overconfident.`,
    legend: html`<ul class="legend"><li>Expected calibration error <b>${error}</b></li></ul>`,
    description: `Accuracy against confidence on the test set; the expected calibration error is ${error}.`,
    spec: { ...FRAME, layer: [DIAGONAL, ...measured(bins)] },
  };
}

const DIAGONAL: Layer = {
  data: { values: [{ confidence: 0, accuracy: 0, far: 1 }] },
  mark: { type: "rule", strokeDash: [4, 4], color: "currentColor", opacity: 0.55 },
  encoding: {
    x: { field: "confidence", type: "quantitative" },
    y: { field: "accuracy", type: "quantitative" },
    x2: { field: "far" },
    y2: { field: "far" },
  },
};

function measured(bins: readonly ReliabilityBin[]): Layer[] {
  const data = { values: bins.map((bin) => ({ ...bin })) };
  const share = { type: "quantitative" as const, axis: VALUE_AXES.percent, scale: { domain: [0, 1] } };
  const encoding = {
    x: {
      ...share,
      field: "confidence",
      title: "Confidence (%)",
      axis: { ...VALUE_AXES.percent, grid: false, labelFlush: false },
    },
    y: { ...share, field: "accuracy", title: "Accuracy (%)" },
  };
  const size = {
    field: "samples",
    type: "quantitative" as const,
    legend: null,
    scale: { range: [24, 320], zero: true },
  };
  return [
    { data, mark: { type: "line", color: "var(--test)", strokeWidth: 2.25 }, encoding },
    { data, mark: { type: "point", filled: true, color: "var(--test)", opacity: 1 }, encoding: { ...encoding, size } },
  ];
}
