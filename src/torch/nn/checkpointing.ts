// Gradient checkpointing: the inside of a block is computed again in the backward pass instead of being kept.
import { noGrad } from "../autograd.js";
import { type keep, keepingHere, refuseAsync, scope } from "../lifetime.js";
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

/** Keeps tensors in the scope of the forward pass that is under way; null where none is. */
let keepHere: typeof keep | null = null;
let segments: Segment[] = [];

/** Those whose scope has not ended: a forward pass may be followed by no backward pass. */
const heldSegments = () => segments.filter(({ output }) => !output.released);

/**
 * Runs a forward pass whose blocks (`forwardCheckpointed`) keep their inputs alone. Its loss is differentiated by
 * `backwardCheckpointed`, in the same scope, in the same precision and by the same kernels.
 * @see Chen et al. 2016, arXiv 1604.06174
 * @throws Error when `body` is async.
 */
export function checkpointing<T>(body: () => T): T {
  const before = keepHere;
  keepHere = before ?? keepingHere();
  segments = heldSegments();
  try {
    const result = body();
    refuseAsync("checkpointing", result);
    return result;
  } finally {
    keepHere = before;
  }
}

/** A block's output; inside of `checkpointing`, in training, without what its gradients need. */
export function forwardCheckpointed(block: Module, input: Tensor): Tensor {
  if (keepHere === null || !block.training || recording() || !input.requiresGrad) return block.forward(input);
  const random = keepHere(randomState(input.device));
  const output = keepHere(noGrad(() => scope(() => block.forward(input).detach())));
  output.requiresGrad = true;
  segments.push({ block, input: keepHere(input), output, random });
  return output;
}

/**
 * `loss.backward()`, then through the blocks that were left out, the last one first, each computed again. With `retainGraph` another
 * loss of the same forward pass may follow.
 */
export function backwardCheckpointed(loss: Tensor, { retainGraph = false }: CheckpointedOptions = {}): void {
  const left = heldSegments();
  segments = retainGraph ? left : [];
  loss.backward({ retainGraph });
  for (const segment of left.toReversed()) backwardThrough(segment, retainGraph);
  if (retainGraph) return;
  for (const { input, output, random } of left) for (const held of [input, output, random]) held.release();
}

interface CheckpointedOptions {
  readonly retainGraph?: boolean;
}

/** The block draws the same random numbers as before; then the stream goes on where it was. Nothing for one that the loss does not depend on. */
function backwardThrough({ block, input, output, random }: Segment, retainGraph: boolean): void {
  scope(() => {
    const gradient = output.grad;
    if (gradient === null) return;
    output.grad = null;
    const after = randomState(input.device);
    setRandomState(random, input.device);
    const given = input.detach();
    given.requiresGrad = true;
    block.forward(given).backward({ gradient });
    input.backward({ gradient: given.grad as Tensor, retainGraph });
    setRandomState(after, input.device);
  });
}
