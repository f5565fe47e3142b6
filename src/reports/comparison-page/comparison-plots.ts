// The plots of a comparison: one for each metric, with a curve for each run.
import type { EpochMetrics } from "../../runs/files/epoch-metrics.js";
import type { Plot, Series } from "../charts/curves-spec.js";
import { curve, givenLabelAccuracy } from "../run-page/epoch-plots.js";
import { targetStart } from "../run-page/headline-figures.js";
import type { ComparisonInput, NamedRun } from "../types.js";

interface Metric extends Pick<Plot, "title" | "caption" | "axis" | "unit"> {
  readonly read: (epoch: EpochMetrics) => number | null | undefined;
}

// Only metrics that are comparable between runs: the training losses of two objectives are not.
const METRICS: readonly Metric[] = [
  {
    title: "Test accuracy",
    caption: "On the test set, against the true labels.",
    axis: "Accuracy (%)",
    unit: "percent",
    read: ({ testAccuracy }) => testAccuracy,
  },
  {
    title: "Wrong labels memorized",
    caption: "The fraction of wrongly labeled training samples for which the network predicts the wrong label.",
    axis: "Fraction of wrong labels (%)",
    unit: "percent",
    read: ({ wrongLabelsMemorized }) => wrongLabelsMemorized,
  },
  {
    title: "Training accuracy, true labels",
    caption: "On the training samples, against the true labels, which the network was not trained on.",
    axis: "Accuracy (%)",
    unit: "percent",
    read: ({ cleanTrainAccuracy }) => cleanTrainAccuracy,
  },
  {
    title: "Training accuracy, given labels",
    caption: "On the training samples, against the given labels, including the wrong ones.",
    axis: "Accuracy (%)",
    unit: "percent",
    read: givenLabelAccuracy,
  },
  {
    title: "True labels recovered",
    caption: "The fraction of training samples whose target has its largest entry at the true label.",
    axis: "Fraction of targets (%)",
    unit: "percent",
    read: ({ recoveredLabels }) => recoveredLabels,
  },
  {
    title: "Test loss",
    caption: "Mean cross entropy with the true labels on the test set.",
    axis: "Loss (nats)",
    unit: "nats",
    read: ({ testLoss }) => testLoss,
  },
];

const DASHES = [[], [7, 3], [2, 2.5], [9, 3, 2, 3]] as const;

/** The line style of a run in all plots of a comparison; colors repeat after six runs, dashes after four. */
export function runStyle(index: number): Pick<Series, "color" | "dash"> {
  return { color: `var(--run-${(index % 6) + 1})`, dash: DASHES[index % DASHES.length] ?? [] };
}

/** One plot for each metric that at least one run has. */
export function comparisonPlots({ runs }: Pick<ComparisonInput, "runs">): Plot[] {
  const start = runs.map(targetStart).find((epoch) => epoch !== null);
  const mark = start == null ? null : { epoch: start, label: "targets start to move" };
  return METRICS.map(({ read, ...plot }) => ({ ...plot, mark, series: curves(runs, read) })).filter(
    ({ series }) => series.length > 0,
  );
}

function curves(runs: readonly NamedRun[], read: Metric["read"]): Series[] {
  return runs
    .map(({ name, metrics }, index) => ({ name, ...runStyle(index), values: curve(metrics, read) }))
    .filter(({ values }) => values.length > 0);
}
