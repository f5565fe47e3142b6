// Evaluation of a run's network while it is trained and at its end.
import type { Loader } from "../../data/index.js";
import { allIndices, type Evaluation, evaluateModel, predictClasses } from "../../evaluation/evaluate.js";
import type { Network } from "../../models/index.js";
import type { Compute } from "../../runs/model/compute.js";
import type { Prepared } from "../../runs/prepare.js";
import type { distributed } from "../../torch/index.js";
import type { WeightAverage } from "../session/ema.js";

/** The parts of a run that an evaluation needs. */
export interface EvaluationParts extends Pick<Compute, "compute"> {
  readonly model: Network;
  /** The average of its weights, where the recipe keeps one. */
  readonly average: WeightAverage | null;
  /** The training samples without augmentation. */
  readonly loader: Loader;
  readonly testLoader: Loader | null;
  /** How many of the network's outputs are classes. */
  readonly classes: number;
  /** The ranks that evaluate together. */
  readonly group: distributed.ProcessGroup;
}

/** The network to evaluate: the one with averaged weights where there is one. */
export function evaluatedModel({ model, average }: Pick<EvaluationParts, "model" | "average">): Network {
  return average?.model ?? model;
}

/** Predictions for samples of the training set, without augmentation, against the given labels. */
export function evaluateTraining(
  { train }: Pick<Prepared, "train">,
  parts: EvaluationParts,
  indices: Int32Array,
  model: Network = evaluatedModel(parts),
): Promise<Evaluation> {
  const { loader, compute, classes, group } = parts;
  return evaluateModel({ model, loader, compute, classes, indices, labels: train.labels, group });
}

/** The predicted classes of samples of the training set, without augmentation. */
export function predictTraining({ train }: Pick<Prepared, "train">, parts: EvaluationParts, indices: Int32Array) {
  const { loader, compute, classes, group } = parts;
  return predictClasses({
    model: evaluatedModel(parts),
    loader,
    compute,
    classes,
    indices,
    labels: train.labels,
    group,
  });
}

/** Predictions for the test set; null where there is none. */
export async function evaluateTest(
  { test }: Pick<Prepared, "test">,
  parts: EvaluationParts,
): Promise<Evaluation | null> {
  const { testLoader: loader, compute, classes, group } = parts;
  if (test === null || loader === null) return null;
  const { labels } = test;
  const model = evaluatedModel(parts);
  return evaluateModel({ model, loader, compute, classes, indices: allIndices(labels), labels, group });
}
