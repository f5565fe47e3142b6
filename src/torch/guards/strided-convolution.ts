// oneDNN allocates rows x columns x channels of scratch for the weights' gradient of a strided 1 x 1 convolution over channels-last
// images, and fills rows x columns x 16 (`rtus_prepare_space_info` beside `sp * jcp.ic_block` in its
// jit_avx512_common_1x1_convolution.cpp; in 2.6 and since): with fewer channels it writes out of bounds.
import type { Operator } from "../dispatch.js";
import { native } from "../native.js";
import { Tensor } from "../tensor.js";

const blockChannels = 16;

/** The strides, or null where the convolution is not one that overruns. */
function overrunningSteps(input: unknown, weight: unknown, given: unknown): readonly [number, number] | null {
  if (!(input instanceof Tensor && weight instanceof Tensor) || input.device !== "cpu") return null;
  const [, channels = blockChannels, height, width] = weight.shape;
  if (channels >= blockChannels || height !== 1 || width !== 1) return null;
  const { stride = 1, padding = 0 } = (given ?? {}) as { stride?: unknown; padding?: unknown };
  const [down, across = down, ...more] = [stride].flat() as number[];
  if (more.length > 0 || !(Number(down) >= 1 && Number(across) >= 1) || Number(down) * Number(across) === 1)
    return null;
  if (![padding].flat().every((side) => side === 0 || side === "valid")) return null;
  return native.gradEnabled() && weight.requiresGrad ? [down as number, across as number] : null;
}

/** `conv2d` that first selects the pixels that such a convolution reads, and then runs without stride: the same sums. */
export function withoutOverrun(conv2d: Operator, slice: Operator): Operator {
  return (input, weight, ...rest) => {
    const steps = overrunningSteps(input, weight, rest[0]);
    if (steps === null) return conv2d(input, weight, ...rest);
    const rows = slice(input, { dim: -2, step: steps[0] });
    return conv2d(slice(rows, { dim: -1, step: steps[1] }), weight, { ...(rest[0] as object), stride: 1 });
  };
}
