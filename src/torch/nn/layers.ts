// Linear and convolutional layers.
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import { type Init, uniformByInputs } from "./init.js";
import { Module } from "./module.js";
import { computeTypeFor } from "./precision.js";
import type { Maps, Traceable } from "./program.js";

/** Initial weights and biases (default: as in PyTorch). */
export interface LayerInit {
  readonly bias?: boolean;
  readonly init?: Init;
  readonly biasInit?: Init;
}

/** y = x W^T + b, x (n, inputs). */
export class Linear extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor | null;

  constructor(inputs: number, outputs: number, options: LayerInit = {}) {
    super();
    const { bias = true, init = uniformByInputs, biasInit = (shape) => uniformByInputs(shape, inputs) } = options;
    this.weight = this.parameter("weight", init([outputs, inputs]));
    this.bias = bias ? this.parameter("bias", biasInit([outputs])) : null;
  }

  override forward(input: Tensor): Tensor {
    const type = computeTypeFor(this.weight);
    return ops.linear(input.to(type), this.weight.to(type), { bias: this.bias?.to(type) });
  }
}

export interface ConvolutionOptions extends LayerInit {
  readonly stride?: number;
  readonly padding?: number;
  /** Parts of the channels that are convolved apart from each other: as many as inputs for a depthwise convolution (default: 1). */
  readonly groups?: number;
}

/** Cross-correlation of images (n, inputs, height, width) with square kernels. */
export class Conv2d extends Module implements Traceable {
  readonly weight: Tensor;
  readonly bias: Tensor | null;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly groups: number;

  constructor(inputs: number, outputs: number, kernel: number, options: ConvolutionOptions = {}) {
    super();
    const { stride = 1, padding = 0, groups = 1, bias = true, init = uniformByInputs } = options;
    const each = inputs / groups;
    const { biasInit = (shape) => uniformByInputs(shape, each * kernel * kernel) } = options;
    this.weight = this.parameter("weight", init([outputs, each, kernel, kernel]));
    this.bias = bias ? this.parameter("bias", biasInit([outputs])) : null;
    this.kernel = kernel;
    this.stride = stride;
    this.padding = padding;
    this.groups = groups;
  }

  trace(maps: Maps): Maps {
    return maps.convolve(this);
  }

  override forward(input: Tensor): Tensor {
    const type = computeTypeFor(this.weight);
    return ops.conv2d(input.to(type), this.weight.to(type), {
      bias: this.bias?.to(type),
      stride: this.stride,
      padding: this.padding,
      groups: this.groups,
    });
  }
}
