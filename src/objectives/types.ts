// What every training method is: a loss of a batch, with state of its own where it needs some.
import type { Tensor, TypedArray } from "../torch/index.js";

/** Whole numbers for a batch: a tensor, a typed array or a plain one. */
export type Indices = Tensor | TypedArray | readonly number[];

export interface Batch {
  /** The given label of each sample. */
  readonly labels: Indices;
  /** The position of each sample in the data set. */
  readonly index: Indices;
  /** Counted from 0. */
  readonly epoch: number;
}

export interface Objective {
  readonly name: string;
  /**
   * What the network is shown in the place of a batch, where the method changes it; called before `loss` with the same
   * batch, and in the same scope. Draws from libtorch's default random stream only, which the loop seeds for every step.
   */
  inputs?(images: Tensor, batch: Batch): Tensor;
  /** The batch's mean loss, a scalar tensor to call `backward` on. Updates the objective's own state. */
  loss(outputs: Tensor, batch: Batch): Tensor;
  /** What has to be saved for an exact resume, by name; empty for a method without state. */
  state(): Map<string, Tensor>;
  load(state: ReadonlyMap<string, Tensor>): void;
  /** Called after the step that a batch led to, with the share of training that is then done. */
  afterStep?(done: number): void;
  /** The (n, classes) float targets that the method trains towards, where it has them. */
  readonly targets?: Tensor;
}

/** A method that learns without labels, from augmented views of each sample. */
export interface SelfSupervisedObjective extends Objective {
  /** How many views of every sample a batch is made of: all first ones, then all second ones. */
  readonly views: 1 | 2;
}
