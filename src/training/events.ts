// The events of a run; the progress bar, the metrics file and the caller's listeners get them.
import type { DataSummary } from "../data/index.js";
import type { EpochMetrics } from "../runs/files/epoch-metrics.js";
import type { HeldOutPredictions } from "../runs/files/held-out-files.js";
import type { RunSummary } from "../runs/files/run-summary.js";
import type { EpochHistory } from "../runs/files/sample-history.js";
import type { Kernels } from "../torch/index.js";

export type TrainingEvent =
  | {
      readonly type: "start";
      readonly epochs: number;
      readonly stepsPerEpoch: number;
      /** Where the run resumes; zeros for a new one. */
      readonly epoch: number;
      readonly step: number;
      /** The kernels of the convolutions. */
      readonly kernels: Kernels;
      /** The parts of the data and their classes. */
      readonly data: DataSummary;
    }
  | {
      readonly type: "step";
      readonly epoch: number;
      readonly step: number;
      /** The mean over this step's samples. */
      readonly loss: number;
      readonly samples: number;
      readonly seconds: number;
    }
  | {
      readonly type: "epoch";
      readonly metrics: EpochMetrics;
      /** The per-sample history; null for a method that predicts no classes. */
      readonly history: EpochHistory | null;
      /** t_i[y_i] of the training samples, of runs with `tensorboard`; null for a method without targets. */
      readonly labelTargets: Float32Array | null;
    }
  | {
      readonly type: "held-out";
      /** The epoch that has ended. */
      readonly epoch: number;
      /** Predictions for held-out samples. */
      readonly predictions: HeldOutPredictions;
    }
  | { readonly type: "note"; readonly text: string }
  | { readonly type: "saved"; readonly epoch: number; readonly step: number }
  | { readonly type: "stopped"; readonly epoch: number; readonly step: number }
  /** Training ended by an error, which `train` throws. */
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "end"; readonly summary: RunSummary };

export type TrainingListener = (event: TrainingEvent) => void;
