// Drift of the targets from the labels at the end, as a histogram.

import { percent } from "../../../format.js";
import { FRAME, VALUE_AXES } from "../../charts/plot-frame.js";
import type { Drawing } from "../../html/figure.js";
import { count } from "../../html/format.js";
import { type Html, html } from "../../html/html.js";
import type { LabelRecord } from "../../types.js";

/** The drift histogram of a group of samples. */
export interface DriftGroup {
  readonly name: string;
  readonly look: keyof typeof OPACITY;
  readonly color: string;
  readonly samples: number;
  /** The fraction of the samples in each of the equal-width bins from 0 to 1. */
  readonly fractions: readonly number[];
}

const BINS = 20;
const OPACITY = { solid: 1, outlined: 0.15 } as const;

/** The final drift 1 - t_i[y_i] of the training samples, correct and wrong labels separately if they are known. */
export function driftGroups({ given, clean, targets, trained }: LabelRecord, classes: number): DriftGroup[] {
  if (targets === null) return [];
  const drift = (sample: number) => 1 - targets[sample * classes + given[sample]!]!;
  const group = (name: string, color: string, look: DriftGroup["look"], belongs: (sample: number) => boolean) => {
    const drifts = Array.from(trained).filter(belongs).map(drift);
    return { name, color, look, samples: drifts.length, fractions: binFractions(drifts) };
  };
  const groups =
    clean === null
      ? [group("All labels", "var(--test)", "solid", () => true)]
      : [
          group("Correct labels", "var(--true)", "outlined", (sample) => given[sample] === clean[sample]),
          group("Wrong labels", "var(--given)", "solid", (sample) => given[sample] !== clean[sample]),
        ];
  return groups.filter(({ samples }) => samples > 0);
}

function binFractions(drifts: readonly number[]): number[] {
  const counts = Array.from({ length: BINS }, () => 0);
  for (const drift of drifts) {
    const bin = Math.max(0, Math.min(BINS - 1, Math.floor(drift * BINS)));
    counts[bin]! += 1;
  }
  return counts.map((samples) => samples / drifts.length);
}

/** The groups as adjacent bars; null without groups. */
export function driftHistogram(groups: readonly DriftGroup[]): Drawing | null {
  if (groups.length === 0) return null;
  const note = groups.length > 1 ? " Each color adds up to 100%." : "";
  return {
    title: "Drift of the final targets",
    caption: `At 0% a target equals the given label; at 100% the given label has no weight left.${note}`,
    legend: html`<ul class="legend">${groups.map(legendEntry)}</ul>`,
    description: groups.map(inWords).join("; "),
    spec: {
      ...FRAME,
      data: { values: groups.flatMap(bars) },
      mark: { type: "bar", strokeWidth: 1.25 },
      encoding: {
        x: {
          field: "from",
          type: "quantitative",
          title: "Drift from the given label (%)",
          axis: { ...VALUE_AXES.percent, grid: false, labelFlush: false },
          scale: { domain: [0, 1] },
        },
        x2: { field: "to" },
        y: { field: "fraction", type: "quantitative", title: "Fraction of labels (%)", axis: VALUE_AXES.percent },
        y2: { datum: 0 },
        fill: { field: "color", type: "nominal", scale: null },
        stroke: { field: "color", type: "nominal", scale: null },
        fillOpacity: { field: "opacity", type: "quantitative", scale: null },
      },
    },
  };
}

function bars({ color, look, fractions }: DriftGroup, position: number, groups: readonly DriftGroup[]) {
  const [inset, width] = [0.1 / BINS, 0.8 / BINS / groups.length];
  return fractions.flatMap((fraction, bin) => {
    const from = bin / BINS + inset + position * width;
    return fraction === 0 ? [] : [{ from, to: from + width, fraction, color, opacity: OPACITY[look] }];
  });
}

function legendEntry({ name, color, look, samples }: DriftGroup): Html {
  return html`<li><svg width="14" height="14" aria-hidden="true"><rect x="1" y="1" width="12" height="12" fill="${color}" fill-opacity="${OPACITY[look]}" stroke="${color}" stroke-width="1.25"/></svg>${name} <b>${count(samples)}</b></li>`;
}

function inWords({ name, fractions }: DriftGroup): string {
  const over = fractions.slice(BINS / 2).reduce((sum, fraction) => sum + fraction, 0);
  return `${name}: ${percent(over)} of the targets have drifted from the given label by more than half`;
}
