// How targets drift from the labels: over the epochs, and where they stand at the end.
import type { Drawing } from "./figure.js";
import { labelNoise } from "./figures.js";
import { count, percent } from "./format.js";
import { type Html, html } from "./html.js";
import { FRAME, VALUE_AXES } from "./plot-frame.js";
import type { Plot } from "./plot-spec.js";
import { curve, startMark } from "./plots.js";
import type { LabelRecord, RunRecord } from "./types.js";

/** The curve of the mean of 1 - t_i[y_i], beside the share of labels that are wrong; null for runs that wrote none. */
export function driftPlot(run: RunRecord): Plot | null {
  const values = curve(run.metrics, ({ targetDrift }) => targetDrift);
  if (values.length === 0) return null;
  const noise = labelNoise(run);
  const ends = [values[0]!, values.at(-1)!].map(({ epoch }) => ({ epoch, value: noise ?? 0 }));
  const wrong = { name: "Labels that are wrong", colour: "var(--soft)", dash: [2, 2.5], values: ends };
  return {
    title: "How far the targets have drifted",
    caption: "The part of an average target that no longer stands by the label given.",
    axis: "Drift from the labels (%)",
    unit: "percent",
    series: [
      { name: "Drift of the targets", colour: "var(--test)", dash: [], values },
      ...(noise === null ? [] : [wrong]),
    ],
    mark: startMark(run),
  };
}

/** Some labels, and how many of their targets have drifted how far. */
export interface DriftGroup {
  readonly name: string;
  readonly look: "solid" | "outlined";
  readonly colour: string;
  readonly samples: number;
  /** The share of them in each of the equal bins between drift 0 and 1. */
  readonly shares: readonly number[];
}

const BINS = 20;

/** The final 1 - t_i[y_i] of the records trained on, wrong and right labels apart where they are known. */
export function driftGroups({ given, clean, targets, trained }: LabelRecord, classes: number): DriftGroup[] {
  if (targets === null) return [];
  const drift = (sample: number) => 1 - targets[sample * classes + given[sample]!]!;
  const group = (name: string, colour: string, look: DriftGroup["look"], belongs: (sample: number) => boolean) => {
    const drifts = Array.from(trained).filter(belongs).map(drift);
    return { name, colour, look, samples: drifts.length, shares: sharesOf(drifts) };
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
  const apart = groups.length > 1 ? " Each colour adds up to 100%." : "";
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
          axis: { ...VALUE_AXES.percent, grid: false },
          scale: { domain: [0, 1] },
        },
        x2: { field: "to" },
        y: { field: "share", type: "quantitative", title: "Share of the labels (%)", axis: VALUE_AXES.percent },
        fill: { field: "colour", type: "nominal", scale: null },
        stroke: { field: "colour", type: "nominal", scale: null },
        fillOpacity: { field: "opacity", type: "quantitative", scale: null },
      },
    },
  };
}

function bars({ colour, look, shares }: DriftGroup, position: number, groups: readonly DriftGroup[]) {
  const [inset, width] = [0.1 / BINS, 0.8 / BINS / groups.length];
  return shares.flatMap((share, bin) => {
    const from = bin / BINS + inset + position * width;
    const opacity = look === "solid" ? 1 : 0.15;
    return share === 0 ? [] : [{ from, to: from + width, share, colour, opacity }];
  });
}

function legendEntry({ name, colour, look, samples }: DriftGroup): Html {
  const opacity = look === "solid" ? 1 : 0.15;
  return html`<li><svg width="14" height="14" aria-hidden="true"><rect x="1" y="1" width="12" height="12" fill="${colour}" fill-opacity="${opacity}" stroke="${colour}" stroke-width="1.25"/></svg>${name} <b>${count(samples)}</b></li>`;
}

function inWords({ name, shares }: DriftGroup): string {
  const over = shares.slice(BINS / 2).reduce((sum, share) => sum + share, 0);
  return `${name}: ${percent(over)} of the targets have left the label given by more than half`;
}
