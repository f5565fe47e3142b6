// Layer normalization, of the last dimension or of the channels of images.
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";

export interface LayerNormOptions {
  readonly eps?: number;
}

/**
 * y = (x - mean) / sqrt(var + eps) * weight + bias over the last dimension (biased variance), x (..., features).
 * @see Ba, Kiros and Hinton 2016, arXiv 1607.06450
 */
export class LayerNorm extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly #eps: number;

  constructor(features: number, { eps = 1e-5 }: LayerNormOptions = {}) {
    super();
    this.weight = this.parameter("weight", ops.ones([features]));
    this.bias = this.parameter("bias", ops.zeros([features]));
    this.#eps = eps;
  }

  override forward(input: Tensor): Tensor {
    const { weight, bias } = this;
    return ops.layerNorm(input.to(weight.dtype), weight.shape, { weight, bias, eps: this.#eps });
  }
}

/** Layer norm over the channels of each pixel of images (n, channels, height, width). */
export class LayerNorm2d extends LayerNorm {
  override forward(input: Tensor): Tensor {
    return super.forward(input.permute([0, 2, 3, 1])).permute([0, 3, 1, 2]);
  }
}
