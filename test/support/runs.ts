// Two small runs for the tests of reports: one that memorizes its wrong labels, and one whose targets recover.
import type { HeldSamples } from "../../src/data/index.js";
import type { Findings } from "../../src/issues/index.js";
import type { LabelRecord, NamedRun } from "../../src/reports/index.js";
import type { EpochMetrics } from "../../src/runs/files/epoch-metrics.js";
import type { RunSummary } from "../../src/runs/files/run-summary.js";

const EPOCHS = 12;

const SUMMARY: RunSummary = {
  startEpoch: null,
  objective: "ce",
  model: "resnet18",
  parameters: 701466,
  epochs: EPOCHS,
  trainSize: 10000,
  classes: 10,
  testAccuracy: 0.391,
  testAccuracyAtBest: null,
  testLoss: 2.5,
  scores: null,
  seconds: 61.2,
  imagesPerSecond: 6580,
  precision: "fp32",
  kernels: "stock",
  device: "cpu",
  seed: 0,
  labelNoise: 0.36,
};

/** Cross entropy: test accuracy peaks at 55% in epoch 4 and ends at 39.1%; 93% of the wrong labels memorized. */
export const crossEntropyRun: NamedRun = {
  name: "cross entropy",
  recipe: { data: { format: "shapes", limitTrain: 10000 }, objective: "ce", lr: 0.1, mean: [0.5, 0.5] },
  metrics: epochs((epoch) => ({
    testAccuracy: epoch === EPOCHS - 1 ? 0.391 : 0.55 - 0.015 * Math.abs(epoch - 4),
    cleanTrainAccuracy: 0.6 - 0.01 * epoch,
    recoveredLabels: 0.64,
    wrongLabelsMemorized: 0.05 + 0.08 * epoch,
  })),
  summary: { ...SUMMARY, recoveredLabels: 0.64 },
};

/** Self-adaptive from epoch 3: ends at its best, 48.1%; 12% memorized, 88.2% of the targets right. */
export const selfAdaptiveRun: NamedRun = {
  name: "self-adaptive",
  recipe: { data: { format: "shapes", limitTrain: 10000 }, objective: "sat", lr: 0.1, mean: [0.5, 0.5], startEpoch: 3 },
  metrics: epochs((epoch) => ({
    testAccuracy: 0.481 - 0.01 * (EPOCHS - 1 - epoch),
    cleanTrainAccuracy: 0.5 + 0.02 * epoch,
    recoveredLabels: 0.64 + 0.022 * epoch,
    wrongLabelsMemorized: 0.12,
  })),
  summary: { ...SUMMARY, objective: "sat", startEpoch: 3, testAccuracy: 0.481, seconds: 62.4, recoveredLabels: 0.882 },
};

/** A run of one epoch on data without a test set, whose true labels nobody knows. */
export const plainRun: NamedRun = {
  name: "plain",
  recipe: {},
  metrics: epochs(() => ({})).slice(0, 1),
  summary: { ...SUMMARY, epochs: 1, testAccuracy: null, testLoss: null, labelNoise: null },
};

/** Self-adaptive, with the four accuracies of `trackDynamics` in every third epoch and the drift of targets in all. */
export const trackedRun: NamedRun = {
  ...selfAdaptiveRun,
  metrics: selfAdaptiveRun.metrics.map((epoch, i) => ({
    ...epoch,
    targetDrift: i < 3 ? 0 : 0.04 * (i - 2),
    ...(i % 3 === 2 && {
      noisyTrainAccuracy: 0.4 + 0.01 * i,
      validationAccuracy: 0.35,
      cleanValidationAccuracy: 0.52,
    }),
  })),
};

const CLASSES = ["cat", "dog", "frog"] as const;
const GIVEN = [0, 1, 1, 2, 2, 0];

/** Of six samples the fourth, third and sixth are suspect, the last of them wrongly; cats are labeled dog the most. */
export const findings: Findings = {
  classes: CLASSES,
  part: "train",
  samples: Int32Array.from(GIVEN.keys()),
  kinds: [],
  evaluated: 6,
  issues: [
    { index: 3, given: "frog", suggested: "dog", score: 0.98, pWrong: 0.97 },
    { index: 2, given: "dog", suggested: "cat", score: 0.91, pWrong: 0.9 },
    { index: 5, given: "cat", suggested: "frog", score: 0.875, pWrong: 0.85 },
  ].map((issue) => ({
    ...issue,
    file: null,
    probability: 1 - issue.score,
    disagreesFrom: 4,
    areaUnderMargin: -issue.score,
    agreement: 0.25,
    forgettingEvents: 1,
    verdict: "mislabeled" as const,
  })),
  noiseRate: { estimate: 0.5, low: 0.4, high: 0.625, method: "late joint" },
  noiseMatrix: [
    [0.6, 0.3, 0.1],
    [0, 0.8, 0.2],
    [0, 0, 1],
  ],
  classHealth: [
    { name: "cat", samples: 2, cleanLabels: 1.75, labelErrorRate: 0.125, low: 0, high: 0.5, testAccuracy: 0.81 },
    { name: "dog", samples: 2, cleanLabels: 1.5, labelErrorRate: 0.25, low: 0.125, high: 0.75, testAccuracy: 0.72 },
    { name: "frog", samples: 2, cleanLabels: 2, labelErrorRate: 0, low: 0, high: 0.25, testAccuracy: null },
  ],
  reliability: [
    { confidence: 0.3, accuracy: 0.2, samples: 10 },
    { confidence: 0.9, accuracy: 0.7, samples: 30 },
  ],
  notes: [],
};

/** The labels that those findings are about: the third and the fourth are wrong, truly cats. */
export const labelRecord: LabelRecord = {
  given: GIVEN,
  clean: [0, 1, 0, 0, 2, 0],
  targets: GIVEN.flatMap((label, i) => CLASSES.map((_, j) => (j === label ? 1 - 0.15 * i : 0.075 * i))),
  trained: GIVEN.map((_, i) => i),
};

/** Six pictures of eight by eight. */
export const pictures: HeldSamples = {
  values: Uint8Array.from({ length: 6 * 3 * 64 }, (_, i) => (i * 31) % 256),
  shape: [3, 8, 8],
  labels: Int32Array.from(GIVEN),
};

function epochs(figures: (epoch: number) => Partial<EpochMetrics>): EpochMetrics[] {
  return Array.from({ length: EPOCHS }, (_, epoch) => ({
    epoch,
    lr: 0.1,
    trainLoss: 2.3 - 0.1 * epoch,
    trainAccuracy: 0.1 + 0.03 * epoch,
    seconds: 5.1,
    imagesPerSecond: 6580,
    ...figures(epoch),
  }));
}
