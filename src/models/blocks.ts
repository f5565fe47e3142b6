// What all convolutional networks are made of.
import { nn } from "../torch/index.js";

/** A convolution without bias, as one goes before batch norm: odd kernel, size kept at stride 1, He's initialization. */
export function convolution(inputs: number, outputs: number, kernel: number, stride = 1): nn.Conv2d {
  return new nn.Conv2d(inputs, outputs, kernel, { stride, padding: (kernel - 1) / 2, bias: false, init: nn.heNormal });
}
