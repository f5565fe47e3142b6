// The interface of all optimizers, and their groups of parameters.
import type { Tensor } from "../tensor.js";

/** The options of every optimizer. */
export interface Hyperparameters {
  /** Learning rate. */
  readonly lr: number;
  readonly weightDecay: number;
}

/** Parameters with their hyperparameters (default: the optimizer's). */
export type ParameterGroup<H extends Hyperparameters = Hyperparameters> = {
  readonly parameters: Iterable<Tensor>;
} & Partial<H>;

/** The parameters of an optimizer, or groups of them. */
export type ParametersOrGroups<H extends Hyperparameters> = Iterable<Tensor> | readonly ParameterGroup<H>[];

/** A group with its current hyperparameters. */
export interface Group extends Hyperparameters {
  readonly parameters: readonly Tensor[];
}

export interface Optimizer {
  readonly groups: readonly Group[];
  /**
   * The learning rate. Setting it sets that of every group; a group that was given another keeps its ratio to the
   * optimizer's first rate. @throws RangeError when set below 0.
   */
  lr: number;
  /**
   * Updates every parameter that has a gradient, in place; the others, and all gradients, stay as they are. Returns the 2-norm
   * of all gradients where it came for free (the packed kernels' SGD), else null.
   */
  step(): number | null;
  /** Drops every gradient: `grad` is null until the next `backward`. */
  zeroGrad(): void;
  /**
   * A copy of all that a later run needs to go on exactly, the caller's to release: `lr` (float64, one number), `step`
   * (int64, updates of each parameter) and the buffers, `momentum.0` for the first parameter.
   */
  state(): Map<string, Tensor>;
  /**
   * Goes on from a copied state, rate included; buffers take their parameter's element type and device.
   * @throws RangeError when names or shapes are not this optimizer's, which then stays as it was.
   */
  load(state: ReadonlyMap<string, Tensor>): void;
  /** Frees its buffers; it starts from the beginning if it is used again. */
  release(): void;
}
