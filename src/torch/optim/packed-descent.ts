// Gradient descent in one pass over memory, which leaves convolution weights packed for the next forward pass.
import { packedKernels } from "../devices.js";
import { requestedKernels } from "../nn/kernels.js";
import type { Tensor } from "../tensor.js";
import { rawOperator } from "../unsafe.js";
import type { MomentumOptions } from "./momentum.js";
import { buffersOf, type Entry, gradientsOf, parametersOf } from "./optimizer.js";

export interface PackedDescentOptions extends MomentumOptions {
  readonly weightDecay: number;
}

const descend = rawOperator("selfadapt::descend_", "");

const isPlain = (tensor: Tensor) => tensor.dtype === "float32" && tensor.device === "cpu";

/** Whether the elements lie in memory without gaps, in whatever order of the dimensions. */
function isDense({ shape, strides, size }: Tensor): boolean {
  const sides = [...shape.keys()].filter((i) => shape[i] !== 1).sort((a, b) => strides[a]! - strides[b]!);
  let step = 1;
  for (const i of sides) {
    if (strides[i] !== step && size > 0) return false;
    step *= shape[i]!;
  }
  return true;
}

/** Whether the packed kernels can take this step, and are requested. */
export function descendsPacked(entries: readonly Entry[]): boolean {
  if (requestedKernels() === "stock" || packedKernels().length === 0) return false;
  return entries.every(({ parameter, gradient }) => isPlain(parameter) && isPlain(gradient) && isDense(parameter));
}

/** The same step as by stock operators, bit for bit; returns the 2-norm of all gradients. */
export function descendPacked(entries: readonly Entry[], options: PackedDescentOptions): number {
  const { lr, momentum, weightDecay, nesterov = false } = options;
  const sums = momentum === 0 ? [] : buffersOf(entries, "momentum");
  return descend(parametersOf(entries), gradientsOf(entries), sums, lr, momentum, weightDecay, nesterov) as number;
}
