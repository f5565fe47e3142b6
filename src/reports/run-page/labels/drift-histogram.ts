// How far the targets have drifted from the labels at the end, as a histogram.

import { percent } from "../../../format.js";
import { FRAME, VALUE_AXES } from "../../charts/plot-frame.js";
import type { Drawing } from "../../html/figure.js";
import { count } from "../../html/format.js";
import { type Html, html } from "../../html/html.js";
import type { LabelRecord } from "../../types.js";

/** Some labels, and how many of their targets have drifted how far. */
export interface DriftGroup {
  readonly name: string;
  readonly look: keyof typeof OPACITY;
  readonly color: string;
  readonly samples: number;
  /** The share of them in each of the equal bins between drift 0 and 1. */
  readonly shares: readonly number[];
}

const BINS = 20;
const OPACITY = { solid: 1, outlined: 0.15 } as const;

/** The final 1 - t_i[y_i] of the records trained on, wrong and right labels apart where they are known. */
export function driftGroups({ given, clean, targets, trained }: LabelRecord, classes: number): DriftGroup[] {
  if (targets === null) return [];
  const drift = (sample: number) => 1 - targets[sample * classes + given[sample]!]!;
  const group = (name: string, color: string, look: DriftGroup["look"], belongs: (sample: number) => boolean) => {
    const drifts = Array.from(trained).filter(belongs).map(drift);
    return { name, color, look, samples: drifts.length, shares: sharesOf(drifts) };
  };
  const groups =
    clean === null
      ? [group("All labels", "var(--test)", "solid", () => true)]
      : [
          group("Right labels", "var(--true)", "outlined", (sample) => given[sample] === clean[sample]),
          group("Wrong labels", "var(--given)", "solid", (sample) => given[sample] !== clean[sample]),
        ];
  return groups.filter(({ samples }) => samples > 0);
}

function sharesOf(drifts: readonly number[]): number[] {
  const counts = Array.from({ length: BINS }, () => 0);
  for (const drift of drifts) {
    const bin = Math.max(0, Math.min(BINS - 1, Math.floor(drift * BINS)));
    counts[bin]! += 1;
  }
  return counts.map((samples) => samples / drifts.length);
}

/** The groups as bars beside each other; null where there are none. */
export function driftHistogram(groups: readonly DriftGroup[]): Drawing | null {
  if (groups.length === 0) return null;
  const apart = groups.length > 1 ? " Each color adds up to 100%." : "";
  return {
    title: "Where the targets stand at the end",
    caption: `At 0% a target still is the label given; at 100% it has left it altogether.${apart}`,
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
          title: "Drift from the label given (%)",
          axis: { ...VALUE_AXES.percent, grid: false, labelFlush: false },
          scale: { domain: [0, 1] },
        },
        x2: { field: "to" },
        y: { field: "share", type: "quantitative", title: "Share of the labels (%)", axis: VALUE_AXES.percent },
        y2: { datum: 0 },
        fill: { field: "color", type: "nominal", scale: null },
        stroke: { field: "color", type: "nominal", scale: null },
        fillOpacity: { field: "opacity", type: "quantitative", scale: null },
      },
    },
  };
}

function bars({ color, look, shares }: DriftGroup, position: number, groups: readonly DriftGroup[]) {
  const [inset, width] = [0.1 / BINS, 0.8 / BINS / groups.length];
  return shares.flatMap((share, bin) => {
    const from = bin / BINS + inset + position * width;
    return share === 0 ? [] : [{ from, to: from + width, share, color, opacity: OPACITY[look] }];
  });
}

function legendEntry({ name, color, look, samples }: DriftGroup): Html {
  return html`<li><svg width="14" height="14" aria-hidden="true"><rect x="1" y="1" width="12" height="12" fill="${color}" fill-opacity="${OPACITY[look]}" stroke="${color}" stroke-width="1.25"/></svg>${name} <b>${count(samples)}</b></li>`;
}

function inWords({ name, shares }: DriftGroup): string {
  const over = shares.slice(BINS / 2).reduce((sum, share) => sum + share, 0);
  return `${name}: ${percent(over)} of the targets have left the label given by more than half`;
}
