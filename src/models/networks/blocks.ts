// The convolution that all networks use.
import { nn } from "../../torch/index.js";

/** A convolution without bias, to be followed by batch norm: odd kernel, "same" padding, He initialization. */
export function convolution(inputs: number, outputs: number, kernel: number, stride = 1): nn.Conv2d {
  return new nn.Conv2d(inputs, outputs, kernel, { stride, padding: (kernel - 1) / 2, bias: false, init: nn.heNormal });
}
