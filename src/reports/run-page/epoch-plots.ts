// The training curves of a run: accuracy, training dynamics, loss, recovered and memorized labels, learning rate.
import type { EpochMetrics } from "../../runs/files/epoch-metrics.js";
import type { Plot, Series } from "../charts/curves-spec.js";
import type { RunRecord } from "../types.js";
import { labelNoise, targetStart } from "./headline-figures.js";

type Read = (epoch: EpochMetrics) => number | null | undefined;

/** The values of one metric; epochs without it are left out. */
export function curve(metrics: readonly EpochMetrics[], read: Read): Series["values"] {
  return metrics.flatMap((epoch) => {
    const value = read(epoch);
    return value == null || !Number.isFinite(value) ? [] : [{ epoch: epoch.epoch, value }];
  });
}

/** Training accuracy against the given labels: from a separate evaluation pass if there was one, else from training itself. */
export const givenLabelAccuracy: Read = ({ noisyTrainAccuracy, trainAccuracy }) => noisyTrainAccuracy ?? trainAccuracy;

/** The plots of a run; those without data are left out. */
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

/** The mark at the epoch from which targets move; null if they never do, or do from the first. */
export function startMark(run: RunRecord): { epoch: number; label: string } | null {
  const start = targetStart(run);
  return start === null ? null : { epoch: start, label: "targets start to move" };
}

// `trackDynamics` evaluates the training part in a separate pass.
const tracked = ({ metrics }: RunRecord) => metrics.some(({ noisyTrainAccuracy }) => noisyTrainAccuracy != null);

function testPlot(run: RunRecord): Plot {
  return {
    title: "Test accuracy",
    caption: "On the test set, against the true labels.",
    axis: "Accuracy (%)",
    unit: "percent",
    series: [line("test", run, "Test", ({ testAccuracy }) => testAccuracy)],
  };
}

/** Training and held-out accuracy against given and true labels; only epochs with all of them in evaluation mode. */
function dynamicsPlot(run: RunRecord): Plot {
  const noisy = labelNoise(run) !== null;
  const evaluated = { ...run, metrics: run.metrics.filter(({ noisyTrainAccuracy }) => noisyTrainAccuracy != null) };
  const heldOut = { dash: [7, 3] };
  const given = noisy ? ", given labels" : "";
  return {
    title: "Training dynamics",
    caption: noisy
      ? "When the network memorizes, accuracy on the given training labels rises while accuracy on the true labels falls."
      : "On the training part and on the held-out part.",
    axis: "Accuracy (%)",
    unit: "percent",
    series: [
      solid(line("given", evaluated, `Training part${given}`, ({ noisyTrainAccuracy }) => noisyTrainAccuracy)),
      solid(
        line("true", evaluated, "Training part, true labels", (epoch) => (noisy ? epoch.cleanTrainAccuracy : null)),
      ),
      { ...line("given", evaluated, `Held out${given}`, ({ validationAccuracy }) => validationAccuracy), ...heldOut },
      {
        ...line("true", evaluated, "Held out, true labels", (epoch) => (noisy ? epoch.cleanValidationAccuracy : null)),
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
      ? "Where accuracy on the given labels exceeds that on the true labels, the network is memorizing wrong labels."
      : "On training, validation and test samples.",
    axis: "Accuracy (%)",
    unit: "percent",
    series: [
      line("test", run, "Test", ({ testAccuracy }) => testAccuracy),
      line("true", run, "Training, true labels", ({ cleanTrainAccuracy }) => (noisy ? cleanTrainAccuracy : null)),
      line("given", run, noisy ? "Training, given labels" : "Training", givenLabelAccuracy),
      line("validation", run, noisy ? "Validation, given labels" : "Validation", (epoch) => epoch.validationAccuracy),
    ],
  };
}

function robustPlot(run: RunRecord): Plot {
  return {
    title: "Robust accuracy",
    caption: "Accuracy on test images after PGD-20. A falling curve means robust overfitting.",
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
      title: "Accuracy on frozen features",
      caption:
        "Test accuracy of a nearest-neighbor classifier and of a linear classifier on the frozen features, measured on a part of the data. The network was trained without labels.",
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
        "Standard deviation of the normalized projections. Near zero all samples have one representation: the network has collapsed.",
      axis: "Deviation",
      unit: "rate",
      series: [
        line("test", run, "Deviation", ({ embeddingDeviation }) => embeddingDeviation),
        { ...even, dash: [7, 3] },
      ],
    },
    {
      title: "Effective rank",
      caption: "How many dimensions the normalized projections use; 1 for a collapsed network.",
      axis: "Dimensions",
      unit: "count",
      series: [line("test", run, "Effective rank", ({ effectiveRank }) => effectiveRank)],
    },
    {
      title: "Uniformity and alignment",
      caption: "Lower uniformity: more evenly spread. Lower alignment: views of the same sample are closer.",
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
    caption:
      "Mean over the samples. Training: the loss of the objective; validation and test: cross entropy with the labels.",
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
    title: "Recovered and memorized labels",
    caption:
      "The fraction of targets whose largest entry is the true label, and of wrong labels that the network predicts.",
    axis: "Fraction (%)",
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
    title: "Drift of the targets",
    caption: "Mean over the samples of 1 - t[y], with target t and given label y.",
    axis: "Drift from the labels (%)",
    unit: "percent",
    series: [
      drift,
      {
        ...line("rate", run, "Wrong labels", () => null),
        dash: [7, 3],
        values: wrong.map(({ epoch }) => ({ epoch, value: noise ?? 0 })),
      },
    ],
  };
}

function ratePlot(run: RunRecord): Plot {
  return {
    title: "Learning rate",
    caption: "Learning rate of each epoch.",
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
