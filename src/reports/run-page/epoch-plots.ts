// The plots of one run over the epochs: accuracy, training dynamics, loss, what became of the labels, learning rate.
import type { EpochMetrics } from "../../runs/files/epoch-metrics.js";
import type { Plot, Series } from "../charts/curves-spec.js";
import type { RunRecord } from "../types.js";
import { labelNoise, targetStart } from "./headline-figures.js";

type Read = (epoch: EpochMetrics) => number | null | undefined;

/** The curve of what `read` finds in each epoch; epochs without it are passed over. */
export function curve(metrics: readonly EpochMetrics[], read: Read): Series["values"] {
  return metrics.flatMap((epoch) => {
    const value = read(epoch);
    return value == null || !Number.isFinite(value) ? [] : [{ epoch: epoch.epoch, value }];
  });
}

/** Training accuracy against the labels given: of a pass of its own where there was one, else of training itself. */
export const givenLabelAccuracy: Read = ({ noisyTrainAccuracy, trainAccuracy }) => noisyTrainAccuracy ?? trainAccuracy;

/** The plots of a run, those left out of which it knows nothing. */
export function runPlots(run: RunRecord): Plot[] {
  const mark = startMark(run);
  const accuracies = tracked(run) ? [dynamicsPlot(run), testPlot(run)] : [accuracyPlot(run)];
  const plots = [
    ...accuracies,
    robustPlot(run),
    ...representationPlots(run),
    lossPlot(run),
    labelPlot(run),
    driftPlot(run),
  ].map((plot) => ({ ...plot, mark }));
  return [...plots, ratePlot(run)]
    .map((plot) => ({ ...plot, series: plot.series.filter(({ values }) => values.length > 0) }))
    .filter(({ series }) => series.length > 0);
}

/** The epoch at which targets start to move, as plots mark it; null where they never do, or from the first. */
export function startMark(run: RunRecord): { epoch: number; label: string } | null {
  const start = targetStart(run);
  return start === null ? null : { epoch: start, label: "targets start to move" };
}

// `trackDynamics` answers the training part in a pass of its own.
const tracked = ({ metrics }: RunRecord) => metrics.some(({ noisyTrainAccuracy }) => noisyTrainAccuracy != null);

function testPlot(run: RunRecord): Plot {
  return {
    title: "Test accuracy",
    caption: "On samples that it was not trained on, against their true labels.",
    axis: "Accuracy (%)",
    unit: "percent",
    series: [line("test", run, "Test", ({ testAccuracy }) => testAccuracy)],
  };
}

/** Two parts of the training set by two kinds of label; only epochs in which all were asked in evaluation mode. */
function dynamicsPlot(run: RunRecord): Plot {
  const noisy = labelNoise(run) !== null;
  const asked = { ...run, metrics: run.metrics.filter(({ noisyTrainAccuracy }) => noisyTrainAccuracy != null) };
  const heldOut = { dash: [7, 3] };
  const given = noisy ? ", labels given" : "";
  return {
    title: "Training dynamics",
    caption: noisy
      ? "A network that memorizes climbs on the labels given of the training part alone, and falls on the true ones."
      : "On the part that it was trained on, and on the part held out.",
    axis: "Accuracy (%)",
    unit: "percent",
    series: [
      solid(line("given", asked, `Training part${given}`, ({ noisyTrainAccuracy }) => noisyTrainAccuracy)),
      solid(line("true", asked, "Training part, true labels", (epoch) => (noisy ? epoch.cleanTrainAccuracy : null))),
      { ...line("given", asked, `Held out${given}`, ({ validationAccuracy }) => validationAccuracy), ...heldOut },
      {
        ...line("true", asked, "Held out, true labels", (epoch) => (noisy ? epoch.cleanValidationAccuracy : null)),
        ...heldOut,
      },
    ],
  };
}

function accuracyPlot(run: RunRecord): Plot {
  const noisy = labelNoise(run) !== null;
  return {
    title: "Accuracy",
    caption: noisy
      ? "Where the curve of the labels given climbs past that of the true labels, the network is memorizing wrong ones."
      : "On the training samples and on samples that it was not trained on.",
    axis: "Accuracy (%)",
    unit: "percent",
    series: [
      line("test", run, "Test", ({ testAccuracy }) => testAccuracy),
      line("true", run, "Training, true labels", ({ cleanTrainAccuracy }) => (noisy ? cleanTrainAccuracy : null)),
      line("given", run, noisy ? "Training, labels given" : "Training", givenLabelAccuracy),
      line("validation", run, noisy ? "Validation, labels given" : "Validation", (epoch) => epoch.validationAccuracy),
    ],
  };
}

function robustPlot(run: RunRecord): Plot {
  return {
    title: "Robust accuracy",
    caption:
      "Test images answered rightly as they are and after PGD-20. Where it falls, the network overfits its own attacks.",
    axis: "Robust accuracy (%)",
    unit: "percent",
    series: [line("test", run, "Robust accuracy", ({ robustAccuracy }) => robustAccuracy)],
  };
}

/** Of a network trained without labels. */
function representationPlots(run: RunRecord): Plot[] {
  const even = line("rate", run, "Spread evenly", ({ evenDeviation }) => evenDeviation);
  return [
    {
      title: "What the features know",
      caption:
        "How often a test sample's class is told by its nearest training samples, and by a linear classifier on the frozen features; labels were not trained on. Measured on a part of the data.",
      axis: "Accuracy (%)",
      unit: "percent",
      series: [
        line("test", run, "Nearest neighbors", ({ knnAccuracy }) => knnAccuracy),
        line("true", run, "Linear classifier", ({ linearAccuracy }) => linearAccuracy),
      ],
    },
    {
      title: "Deviation of the embedding",
      caption:
        "Of the normalized projections. Near zero all samples have one representation: the network has collapsed.",
      axis: "Deviation",
      unit: "rate",
      series: [
        line("test", run, "Deviation", ({ embeddingDeviation }) => embeddingDeviation),
        { ...even, dash: [7, 3] },
      ],
    },
    {
      title: "Effective rank",
      caption: "How many dimensions the normalized projections use; one where the network has collapsed.",
      axis: "Dimensions",
      unit: "count",
      series: [line("test", run, "Effective rank", ({ effectiveRank }) => effectiveRank)],
    },
    {
      title: "Uniformity and alignment",
      caption: "Lower uniformity: more evenly spread. Lower alignment: views of a sample lie nearer to each other.",
      axis: "",
      unit: "rate",
      series: [
        line("test", run, "Uniformity", ({ uniformity }) => uniformity),
        line("true", run, "Alignment", ({ alignment }) => alignment),
      ],
    },
  ];
}

function lossPlot(run: RunRecord): Plot {
  return {
    title: "Loss",
    caption: "Mean over the samples. Training: the objective's own loss; elsewhere: cross entropy with the labels.",
    axis: "Loss (nats)",
    unit: "nats",
    series: [
      line("test", run, "Test", ({ testLoss }) => testLoss),
      line("given", run, "Training", ({ trainLoss }) => trainLoss),
      line("validation", run, "Validation", ({ validationLoss }) => validationLoss),
    ],
  };
}

function labelPlot(run: RunRecord): Plot {
  const noisy = labelNoise(run) !== null;
  return {
    title: "What became of the labels",
    caption: "The share of all targets that point at the true label, and of the wrong labels that the network repeats.",
    axis: "Share (%)",
    unit: "percent",
    series: [
      line("true", run, "True labels recovered", ({ recoveredLabels }) => (noisy ? recoveredLabels : null)),
      line("given", run, "Wrong labels memorized", ({ wrongLabelsMemorized }) => wrongLabelsMemorized),
    ],
  };
}

function driftPlot(run: RunRecord): Plot {
  const drift = line("test", run, "Drift of the targets", ({ targetDrift }) => targetDrift);
  const noise = labelNoise(run);
  const wrong = drift.values.filter((_, i, { length }) => noise !== null && (i === 0 || i === length - 1));
  return {
    title: "How far the targets have drifted",
    caption: "The part of an average target that no longer stands by the label given.",
    axis: "Drift from the labels (%)",
    unit: "percent",
    series: [
      drift,
      {
        ...line("rate", run, "Labels that are wrong", () => null),
        dash: [7, 3],
        values: wrong.map(({ epoch }) => ({ epoch, value: noise ?? 0 })),
      },
    ],
  };
}

function ratePlot(run: RunRecord): Plot {
  return {
    title: "Learning rate",
    caption: "The size of the optimizer's steps, at each epoch.",
    axis: "Learning rate",
    unit: "rate",
    series: [line("rate", run, "Learning rate", ({ lr }) => lr)],
  };
}

const DASHES = { test: [], true: [7, 3], given: [2, 2.5], validation: [9, 3, 2, 3], rate: [] } as const;

const solid = (series: Series): Series => ({ ...series, dash: [] });

function line(role: keyof typeof DASHES, { metrics }: RunRecord, name: string, read: Read): Series {
  return { name, color: `var(--${role})`, dash: DASHES[role], values: curve(metrics, read) };
}
