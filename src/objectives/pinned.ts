// Samples whose targets stay at their labels, because a person has confirmed these.
import { ops, type Tensor, tensor } from "../torch/index.js";
import { type Indices, numbersOf } from "./indices.js";

export interface PinnedSamples {
  /** `moved` (batch, columns) with the rows of the batch's pinned samples as they are in `fixed`. */
  hold(index: Indices, fixed: Tensor, moved: Tensor): Tensor;
}

/** @param pinned positions in the data set (default: none) */
export function pinnedSamples(pinned: Indices = []): PinnedSamples {
  const known = new Set(numbersOf(pinned));
  return {
    hold(index, fixed, moved) {
      if (known.size === 0) return moved;
      const marks = numbersOf(index).map((sample) => known.has(sample));
      if (!marks.includes(true)) return moved;
      const held = tensor(marks, { dtype: "bool", shape: [marks.length, 1], device: moved.device });
      return ops.where(held, fixed, moved);
    },
  };
}
