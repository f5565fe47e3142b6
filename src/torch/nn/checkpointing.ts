// Gradient checkpointing: the inside of a block is computed again in the backward pass instead of being kept.
import { noGrad } from "../autograd.js";
import { keep, refuseAsync, scope } from "../lifetime.js";
import { randomState, setRandomState } from "../random.js";
import { recording } from "../recorder.js";
import type { Tensor } from "../tensor.js";
import type { Module } from "./module.js";

/** A block whose inside is not kept, with what it takes to compute it again. */
interface Segment {
  readonly block: Module;
  /** The block's input, and the gradients' path before it. */
  readonly input: Tensor;
  /** Its output, cut off from the block; the rest of the network leaves its gradient here. */
  readonly output: Tensor;
  readonly random: Tensor;
}

let active = false;
let segments: Segment[] = [];

/**
 * Runs a forward pass whose blocks (`forwardCheckpointed`) keep their inputs alone. Its loss is differentiated by
 * `backwardCheckpointed`, in the same precision and by the same kernels.
 * @see Chen et al. 2016, arXiv 1604.06174
 * @throws Error when `body` is async.
 */
export function checkpointing<T>(body: () => T): T {
  const before = active;
  active = true;
  try {
    const result = body();
    refuseAsync("checkpointing", result);
    return result;
  } finally {
    active = before;
  }
}

/** A block's output; inside of `checkpointing`, in training, without what its gradients need. */
export function forwardCheckpointed(block: Module, input: Tensor): Tensor {
  if (!active || !block.training || recording() || !input.requiresGrad) return block.forward(input);
  const random = keep(randomState(input.device));
  const output = keep(noGrad(() => scope(() => block.forward(input).detach())));
  output.requiresGrad = true;
  segments.push({ block, input: keep(input), output, random });
  return output;
}

/** `loss.backward()`, then through the blocks that were left out, the last one first, each computed again. */
export function backwardCheckpointed(loss: Tensor): void {
  const left = segments;
  segments = [];
  loss.backward();
  for (const segment of left.toReversed()) backwardThrough(segment);
  for (const { input, output, random } of left) for (const held of [input, output, random]) held.release();
}

/** The block draws the same random numbers as before; then the stream goes on where it was. */
function backwardThrough({ block, input, output, random }: Segment): void {
  scope(() => {
    const after = randomState(input.device);
    setRandomState(random, input.device);
    const given = input.detach();
    given.requiresGrad = true;
    block.forward(given).backward({ gradient: output.grad as Tensor });
    input.backward({ gradient: given.grad as Tensor });
    setRandomState(after, input.device);
  });
}
