// The plots of several runs: one a quantity, with a curve for each run.
import type { EpochMetrics } from "../../runs/files/epoch-metrics.js";
import type { Plot, Series } from "../charts/curves-spec.js";
import { curve, givenLabelAccuracy } from "../run-page/epoch-plots.js";
import { targetStart } from "../run-page/headline-figures.js";
import type { ComparisonInput, NamedRun } from "../types.js";

interface Quantity extends Pick<Plot, "title" | "caption" | "axis" | "unit"> {
  readonly read: (epoch: EpochMetrics) => number | null | undefined;
}

// Only what means the same in every run: the training losses of two objectives cannot be compared.
const QUANTITIES: readonly Quantity[] = [
  {
    title: "Test accuracy",
    caption: "On samples that no run was trained on, against their true labels.",
    axis: "Accuracy (%)",
    unit: "percent",
    read: ({ testAccuracy }) => testAccuracy,
  },
  {
    title: "Wrong labels memorized",
    caption: "The share of the wrongly labeled training samples that the network answers with their wrong label.",
    axis: "Share of the wrong labels (%)",
    unit: "percent",
    read: ({ wrongLabelsMemorized }) => wrongLabelsMemorized,
  },
  {
    title: "Training accuracy, true labels",
    caption: "On the training samples, against the labels that the network never saw.",
    axis: "Accuracy (%)",
    unit: "percent",
    read: ({ cleanTrainAccuracy }) => cleanTrainAccuracy,
  },
  {
    title: "Training accuracy, labels given",
    caption: "On the training samples, against the labels that it was given, the wrong ones included.",
    axis: "Accuracy (%)",
    unit: "percent",
    read: givenLabelAccuracy,
  },
  {
    title: "True labels recovered",
    caption: "The share of training samples whose target points at their true label.",
    axis: "Share of the targets (%)",
    unit: "percent",
    read: ({ recoveredLabels }) => recoveredLabels,
  },
  {
    title: "Test loss",
    caption: "Cross entropy with the true labels, mean over the test samples.",
    axis: "Loss (nats)",
    unit: "nats",
    read: ({ testLoss }) => testLoss,
  },
];

const DASHES = [[], [7, 3], [2, 2.5], [9, 3, 2, 3]] as const;

/** How a run is drawn in every plot of a comparison; colors and dashes repeat after six and four runs. */
export function runStyle(index: number): Pick<Series, "color" | "dash"> {
  return { color: `var(--run-${(index % 6) + 1})`, dash: DASHES[index % DASHES.length] ?? [] };
}

/** One plot for each quantity that at least one run knows. */
export function comparisonPlots({ runs }: Pick<ComparisonInput, "runs">): Plot[] {
  const start = runs.map(targetStart).find((epoch) => epoch !== null);
  const mark = start == null ? null : { epoch: start, label: "targets start to move" };
  return QUANTITIES.map(({ read, ...plot }) => ({ ...plot, mark, series: curves(runs, read) })).filter(
    ({ series }) => series.length > 0,
  );
}

function curves(runs: readonly NamedRun[], read: Quantity["read"]): Series[] {
  return runs
    .map(({ name, metrics }, index) => ({ name, ...runStyle(index), values: curve(metrics, read) }))
    .filter(({ values }) => values.length > 0);
}
