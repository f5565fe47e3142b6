// Which figures of a run are drawn, in which chart, and where on the axis of epochs.
import type { EpochEvent, NoisePoint, StepEvents } from "../../api.js";

/** A curve: values on the axis that all curves of its chart share; null where it has none. */
export interface Curve {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** Drawn thin: noisy values of single steps. */
  readonly faint?: boolean;
}

export interface ChartData {
  readonly id: string;
  readonly title: string;
  readonly unit: "fraction" | "number";
  /** What the curves are over. Epochs are those done: an epoch's figures stand at its end, a step's where it ran. */
  readonly axis: "epochs" | "verdicts";
  readonly x: readonly number[];
  readonly curves: readonly Curve[];
}

type Figures = readonly [key: string, label: string][];

const CHARTS: readonly { id: string; title: string; unit: ChartData["unit"]; figures: Figures }[] = [
  {
    id: "accuracy",
    title: "Accuracy",
    unit: "fraction",
    figures: [
      ["testAccuracy", "Test"],
      ["validationAccuracy", "Validation"],
      ["trainAccuracy", "Training, given labels"],
      ["cleanTrainAccuracy", "Training, true labels"],
      ["robustAccuracy", "Robust"],
      ["knnAccuracy", "Nearest neighbors"],
      ["linearAccuracy", "Linear probe"],
    ],
  },
  {
    id: "labels",
    title: "Labels",
    unit: "fraction",
    figures: [
      ["estimatedNoise", "Wrong labels, estimated"],
      ["targetDrift", "Mean target not on the given label"],
      ["recoveredLabels", "Targets with the true label"],
      ["wrongLabelsMemorized", "Wrong labels memorized"],
    ],
  },
  {
    id: "representation",
    title: "Representation",
    unit: "number",
    figures: [
      ["effectiveRank", "Effective rank"],
      ["embeddingDeviation", "Deviation of projections"],
      ["uniformity", "Uniformity"],
      ["alignment", "Alignment"],
    ],
  },
  { id: "rate", title: "Learning rate", unit: "number", figures: [["lr", "Learning rate"]] },
];

const LOSSES: Figures = [
  ["trainLoss", "Training"],
  ["validationLoss", "Validation"],
  ["testLoss", "Test"],
];

/** The charts that have anything to draw: loss first, speed last. */
export function chartsOf(
  logged: readonly EpochEvent[],
  steps: StepEvents,
  noise: readonly NoisePoint[],
): readonly ChartData[] {
  const rates = new Map(noise.map(({ epoch, rate }) => [epoch, rate]));
  const epochs = logged.map((one) => ({ ...one, estimatedNoise: rates.get(one.epoch) }));
  const ends = epochs.map(({ epoch }) => epoch + 1);
  const charts = CHARTS.map(({ figures, ...chart }) => ({
    ...chart,
    axis: "epochs" as const,
    x: ends,
    curves: curvesOf(epochs, figures),
  }));
  const all = [lossChart(epochs, steps), ...charts, speedChart(epochs, steps)];
  return all.filter(({ curves }) => curves.length > 0);
}

function curvesOf(epochs: readonly EpochEvent[], figures: Figures): Curve[] {
  return figures
    .map(([key, label]) => ({ label, values: epochs.map((epoch) => finite(epoch[key])) }))
    .filter(({ values }) => values.some((value) => value !== null));
}

function finite(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function lossChart(epochs: readonly EpochEvent[], steps: StepEvents): ChartData {
  const perStep = steps.map(({ loss }) => finite(loss));
  const merged = merge(positions(steps), perStep, epochs, LOSSES, "Each step");
  return { id: "loss", title: "Loss", unit: "number", axis: "epochs", ...merged };
}

function speedChart(epochs: readonly EpochEvent[], steps: StepEvents): ChartData {
  const perStep = steps.map(({ imagesPerSecond }) => finite(imagesPerSecond));
  const figures: Figures = [["imagesPerSecond", "Images per second"]];
  const merged = merge(positions(steps), perStep, epochs, figures, "Each step");
  return { id: "speed", title: "Images per second", unit: "number", axis: "epochs", ...merged };
}

/** One axis for steps and ends of epochs, both in order. */
function merge(
  at: readonly number[],
  perStep: readonly (number | null)[],
  epochs: readonly EpochEvent[],
  figures: Figures,
  label: string,
): Pick<ChartData, "x" | "curves"> {
  const curves = curvesOf(epochs, figures);
  const points = [
    ...at.map((x, i) => ({ x, step: i, epoch: -1 })),
    ...epochs.map(({ epoch }, i) => ({ x: epoch + 1, step: -1, epoch: i })),
  ].sort((a, b) => a.x - b.x);
  const merged = curves.map((curve) => ({ ...curve, values: points.map(({ epoch }) => curve.values[epoch] ?? null) }));
  const ofSteps = { label, faint: true, values: points.map(({ step }) => perStep[step] ?? null) };
  return { x: points.map(({ x }) => x), curves: steps(ofSteps, at.length, merged) };
}

const steps = (ofSteps: Curve, count: number, others: readonly Curve[]) => (count > 0 ? [...others, ofSteps] : others);

/** Where each logged step stands on the axis of epochs: those of an epoch are spread over it evenly. */
export function positions(steps: StepEvents): number[] {
  const counts = new Map<number, number>();
  for (const { epoch } of steps) counts.set(epoch, (counts.get(epoch) ?? 0) + 1);
  const seen = new Map<number, number>();
  return steps.map(({ epoch }) => {
    const index = seen.get(epoch) ?? 0;
    seen.set(epoch, index + 1);
    // The epoch that is under way has as many as the one before it will have had.
    const count = Math.max(counts.get(epoch) ?? 1, counts.get(epoch - 1) ?? 0);
    return epoch + (index + 0.5) / count;
  });
}
