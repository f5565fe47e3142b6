// Batch normalization.
import { tensor } from "../create.js";
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";
import type { Maps, Traceable } from "./program.js";

export interface BatchNormOptions {
  readonly eps?: number;
  /** The weight of the new batch in the running statistics (default: 0.1). */
  readonly momentum?: number;
}

/**
 * y = (x - mean) / sqrt(var + eps) * weight + bias, by channel (dimension 1). In training the batch statistics (biased variance),
 * which also update the running ones (unbiased variance); in evaluation the running statistics.
 * @see Ioffe and Szegedy 2015, arXiv 1502.03167
 */
class BatchNorm extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly runningMean: Tensor;
  readonly runningVar: Tensor;
  readonly batchesTracked: Tensor;
  readonly eps: number;
  readonly momentum: number;
  readonly #dimensions: readonly number[];

  constructor(features: number, dimensions: readonly number[], { eps = 1e-5, momentum = 0.1 }: BatchNormOptions) {
    super();
    this.weight = this.parameter("weight", ops.ones([features]));
    this.bias = this.parameter("bias", ops.zeros([features]));
    this.runningMean = this.buffer("running_mean", ops.zeros([features]));
    this.runningVar = this.buffer("running_var", ops.ones([features]));
    this.batchesTracked = this.buffer("num_batches_tracked", tensor(0, { dtype: "int64" }));
    this.eps = eps;
    this.momentum = momentum;
    this.#dimensions = dimensions;
  }

  override forward(input: Tensor): Tensor {
    if (!this.#dimensions.includes(input.shape.length)) {
      throw new Error(`batch norm expects ${this.#dimensions.join(" or ")} dimensions, received ${input.shape.length}`);
    }
    if (this.training && input.size <= this.weight.size) {
      throw new Error(`batch norm learns from more than one value a channel, received [${input.shape.join(", ")}]`);
    }
    if (this.training) this.batchesTracked.add_(1);
    return ops.batchNorm(
      input,
      this.weight,
      this.bias,
      this.runningMean,
      this.runningVar,
      this.training,
      this.momentum,
      this.eps,
      true,
    );
  }
}

/** Batch norm of features, (n, features) or (n, features, length). */
export class BatchNorm1d extends BatchNorm {
  constructor(features: number, options: BatchNormOptions = {}) {
    super(features, [2, 3], options);
  }
}

/** Batch norm of images, (n, channels, height, width). */
export class BatchNorm2d extends BatchNorm implements Traceable {
  constructor(channels: number, options: BatchNormOptions = {}) {
    super(channels, [4], options);
  }

  trace(maps: Maps): Maps {
    return maps.norm(this);
  }
}
