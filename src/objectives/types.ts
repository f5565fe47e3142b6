// Objectives: a training step, or a loss of a batch, with state if needed.
import type { Tensor } from "../torch/index.js";
import type { Indices } from "./indices.js";
import type { SampleRows } from "./sample-state/sample-state.js";

export interface Batch {
  /** The given label of each sample. */
  readonly labels: Indices;
  /** The position of each sample in the data set. */
  readonly index: Indices;
  /** Counted from 0. */
  readonly epoch: number;
  /** The samples of the full step, where this is a part of it (default: those of the batch). */
  readonly total?: number;
}

/** A batch in training: also what the network is given. */
export interface TrainingBatch extends Batch {
  /** Network input, (n, ...shape); of a method with two views (2 n, ...shape), all first views before all second ones. */
  readonly images: Tensor;
}

/** The network in training, as a method calls it. */
export interface Forward {
  /** The network's outputs, in its current mode. */
  (images: Tensor): Tensor;
  /** Runs `body` with the network in evaluation mode; then restores its mode. */
  evaluating<T>(body: () => T): T;
}

/** A mean over the samples of a batch. */
export interface Mean {
  /** The batch's mean loss, a scalar tensor to call `backward` on. */
  readonly loss: Tensor;
  /** The sum of the samples' weights, a scalar, where the loss is a weighted mean: parts of a batch are averaged by it. */
  readonly weight?: Tensor | undefined;
}

/** The result of one training step. */
export interface Step extends Mean {
  /** The outputs that predictions are read from; null for methods that predict no classes. */
  readonly logits: Tensor | null;
  /** Where the loss is a sum of means by different weights, those: each is averaged over the parts of a batch by its own. */
  readonly terms?: readonly Mean[];
}

/** What every objective has. */
interface ObjectiveBase {
  readonly name: string;
  /** Tensors to save for an exact resume, by name; empty for a method without state. They are the method's own: clone them to keep their values. */
  state(): Map<string, Tensor>;
  load(state: ReadonlyMap<string, Tensor>): void;
  /** Called after the step that a batch led to, with the fraction of training that is then done. */
  afterStep?(done: number): void;
  /** The (n, classes) float targets that the method trains towards, where it has them; of several ranks, the rows of this one. */
  readonly targets?: Tensor;
  /** The same targets as rows of samples. */
  readonly targetRows?: SampleRows;
  /** Called by all ranks at the beginning of an epoch, before its first step: what concerns the rows of all samples. */
  beginEpoch?(epoch: number): void;
  /** How many `terms` each step has (default: 1, the loss itself). */
  readonly terms?: number;
  /** Views of every sample in a batch, of a method that trains without labels. */
  readonly views?: 1 | 2;
  /** Called in the place of a step where ranks exchange rows within a step, by a rank that the batch is too small for. */
  absent?(): void;
}

/** A method that is a loss of the network's outputs. */
export interface LossObjective extends ObjectiveBase {
  /** The batch's mean loss, a scalar tensor to call `backward` on. Updates the objective's own state. */
  loss(outputs: Tensor, batch: Batch): Tensor;
  /**
   * True where the loss relates the samples of a batch to each other, so that it is no mean over samples: several processes then
   * compute it of the outputs of all.
   */
  readonly relatesSamples?: true;
}

/** A method that calls the network itself: on mixed or attacked images, or on several views. */
export interface StepObjective extends ObjectiveBase {
  /** Calls the network and gives the loss. Random draws are from libtorch's default stream, which the loop seeds every step. */
  step(forward: Forward, batch: TrainingBatch): Step;
}

export type Objective = LossObjective | StepObjective;
