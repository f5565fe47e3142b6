// Initial values of weights.
import { scope } from "../lifetime.js";
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";

/** Initial values of a shape, drawn from the default random stream. */
export type Init = (shape: readonly number[]) => Tensor;

function fanIn([, channels = 1, ...kernel]: readonly number[]): number {
  return kernel.reduce((product, size) => product * size, channels);
}

/** N(0, deviation), for any shape. */
export function normal(deviation: number): Init {
  return (shape) => scope(() => ops.randn(shape).mul_(deviation));
}

/** He's initialization by outputs: N(0, sqrt(2 / (k k c_out))). @see He et al. 2015, arXiv 1502.01852 */
export function heNormal(shape: readonly number[]): Tensor {
  const [out = 1, , ...kernel] = shape;
  return normal(Math.sqrt(2 / kernel.reduce((product, size) => product * size, out)))(shape);
}

/** PyTorch's default for weights and biases of convolutions and linear layers: U(-1, 1) / sqrt(inputs). */
export function uniformByInputs(shape: readonly number[], inputs = fanIn(shape)): Tensor {
  const bound = 1 / Math.sqrt(inputs);
  return scope(() => ops.empty(shape).uniform_({ from: -bound, to: bound }));
}

/** All zero. */
export function zeros(shape: readonly number[]): Tensor {
  return ops.zeros(shape);
}
