// The backward pass of group norm over channels-last images writes the images' gradient even where none was requested, and
// crashes (libtorch 2.13, GroupNormBackwardKernelImplChannelsLastInternal; PyTorch too).
import type { Operator } from "../dispatch.js";
import { native } from "../native.js";
import { Tensor } from "../tensor.js";

function wouldOverrun(input: unknown, given: unknown): boolean {
  if (!(input instanceof Tensor) || input.device !== "cpu" || input.requiresGrad || !native.gradEnabled()) return false;
  const { weight, bias } = (given ?? {}) as { weight?: unknown; bias?: unknown };
  const recorded = [weight, bias].some((parameter) => parameter instanceof Tensor && parameter.requiresGrad);
  return recorded && input.shape.length >= 4 && input.strides[1] === 1;
}

/** `group_norm` that copies such images to the contiguous format first: the same result. */
export function withContiguousInput(groupNorm: Operator, contiguous: Operator): Operator {
  return (input, groups, ...rest) =>
    groupNorm(wouldOverrun(input, rest[0]) ? contiguous(input) : input, groups, ...rest);
}
