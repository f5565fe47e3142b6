// How weights start.
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";

function fanIn([, channels = 1, ...kernel]: readonly number[]): number {
  return kernel.reduce((product, size) => product * size, channels);
}

/** He's initialisation by outputs: N(0, sqrt(2 / (k k c_out))). @see He et al. 2015, arXiv 1502.01852 */
export function heNormal(shape: readonly number[]): Tensor {
  const [out = 1, , ...kernel] = shape;
  const deviation = Math.sqrt(2 / kernel.reduce((product, size) => product * size, out));
  return ops.randn(shape).mul_(deviation);
}

/** PyTorch's default for weights and biases of convolutions and linear layers: U(-1, 1) / sqrt(inputs). */
export function uniformByInputs(shape: readonly number[], inputs = fanIn(shape)): Tensor {
  const bound = 1 / Math.sqrt(inputs);
  return ops
    .rand(shape)
    .mul_(2 * bound)
    .sub_(bound);
}
