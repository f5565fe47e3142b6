// The noise matrices of a run as figures: the estimated one, and the true one if it is known.

import { percent } from "../../../format.js";
import type { Findings } from "../../../issues/findings.js";
import { unknownReason } from "../../../issues/labels/rate/noise-rate.js";
import { MAX_NUMBERED, matrixSpec } from "../../charts/matrix-spec.js";
import type { Drawing } from "../../html/figure.js";
import { count } from "../../html/format.js";
import { type Html, html } from "../../html/html.js";
import type { LabelRecord } from "../../types.js";
import {
  type ConfusedPair,
  confusedPairs,
  knownLabels,
  mostConfusedClasses,
  type NoiseMatrix,
  trueNoiseMatrix,
} from "./confusion.js";

// With more classes, the cells are too small to read.
const MAX_CLASSES = 20;

/** Up to two heat maps with the same color scale: none is estimated where the noise rate is unknown. */
export function matrixDrawings(findings: Findings, labels: LabelRecord | null): Drawing[] {
  const { classes, noiseMatrix, noiseRate } = findings;
  const known = labels && knownLabels(labels);
  const truth = known && trueNoiseMatrix(known.given, known.clean, classes.length);
  const isEstimated = unknownReason(noiseRate) === null;
  const matrices = [
    ...(isEstimated ? [{ title: "Noise matrix, estimated", rowTitle: "Estimated class", all: noiseMatrix }] : []),
    ...(truth ? [{ title: "Noise matrix, true", rowTitle: "True class", all: truth }] : []),
  ];
  const shown = mostConfusedClasses(isEstimated || !truth ? noiseMatrix : truth, MAX_CLASSES);
  const parts = matrices.map(({ all, ...rest }) => ({
    ...rest,
    pairs: confusedPairs(all, classes),
    matrix: part(all, shown),
  }));
  const strongest = Math.max(...parts.flatMap(({ matrix }) => offDiagonal(matrix)), 0);
  const names = shown.map((i) => classes[i]!);
  return parts.map(({ title, rowTitle, pairs, matrix }) => ({
    title,
    caption: caption(pairs, names.length, classes.length),
    legend: colorRamp(strongest, names.length <= MAX_NUMBERED),
    description: `${title}. ${inWords(pairs)}`,
    dense: true,
    spec: matrixSpec({ classes: names, matrix, strongest, rowTitle }),
  }));
}

function part(matrix: NoiseMatrix, shown: readonly number[]): number[][] {
  return shown.map((i) => shown.map((j) => matrix[i]![j]!));
}

function offDiagonal(matrix: NoiseMatrix): number[] {
  return matrix.flatMap((row, i) => row.filter((_, j) => i !== j));
}

function caption(pairs: readonly ConfusedPair[], shown: number, all: number): string {
  const some = shown < all ? ` The ${shown} most confused classes, of ${count(all)}.` : "";
  return `${inWords(pairs)}${some}`;
}

function inWords(pairs: readonly ConfusedPair[]): string {
  const three = pairs
    .slice(0, 3)
    .map(({ truth, given, fraction }) => `${truth} labeled ${given} (${percent(fraction)})`);
  return three.length === 0 ? "No two classes are confused." : `Most confused: ${three.join(", ")}.`;
}

function colorRamp(strongest: number, numbered: boolean): Html {
  const unit = numbered ? "; numbers in % of a row" : "";
  return html`<div class="legend"><span class="ramp">0% <i></i> ${percent(strongest)} wrongly labeled${unit}</span></div>`;
}
