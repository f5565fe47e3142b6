// Linear maps: fully connected and convolutional.
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import { uniformByInputs } from "./init.js";
import { Module } from "./module.js";
import { computeTypeFor } from "./precision.js";

/** y = x W^T + b, x (n, inputs). */
export class Linear extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor | null;

  constructor(inputs: number, outputs: number, { bias = true }: { bias?: boolean } = {}) {
    super();
    this.weight = this.parameter("weight", uniformByInputs([outputs, inputs]));
    this.bias = bias ? this.parameter("bias", uniformByInputs([outputs], inputs)) : null;
  }

  override forward(input: Tensor): Tensor {
    const type = computeTypeFor(this.weight);
    return ops.linear(input.to(type), this.weight.to(type), { bias: this.bias?.to(type) });
  }
}

export interface ConvolutionOptions {
  readonly stride?: number;
  readonly padding?: number;
  readonly bias?: boolean;
  /** How the weights start, from their shape; PyTorch's default unless given. */
  readonly init?: (shape: readonly number[]) => Tensor;
}

/** Cross-correlation of images (n, inputs, height, width) with square kernels. */
export class Conv2d extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor | null;
  readonly #stride: number;
  readonly #padding: number;

  constructor(inputs: number, outputs: number, kernel: number, options: ConvolutionOptions = {}) {
    super();
    const { stride = 1, padding = 0, bias = true, init = uniformByInputs } = options;
    this.weight = this.parameter("weight", init([outputs, inputs, kernel, kernel]));
    this.bias = bias ? this.parameter("bias", uniformByInputs([outputs], inputs * kernel * kernel)) : null;
    this.#stride = stride;
    this.#padding = padding;
  }

  override forward(input: Tensor): Tensor {
    const type = computeTypeFor(this.weight);
    return ops.conv2d(input.to(type), this.weight.to(type), {
      bias: this.bias?.to(type),
      stride: this.#stride,
      padding: this.#padding,
    });
  }
}
