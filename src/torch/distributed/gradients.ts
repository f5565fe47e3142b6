// One message a step: all gradients, and a few numbers beside them.
import { noGrad } from "../autograd.js";
import { tensor } from "../create.js";
import { native } from "../native.js";
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import type { ProcessGroup } from "./group.js";

/** Sums gradients over ranks; keeps its buffer between steps. */
export interface GradientReducer {
  /**
   * Replaces every gradient g by Σ_r g_r / Σ_r w_r over the ranks r, where w is the first number; a missing gradient counts
   * as zeros. Returns the sums of the numbers. One all-reduce of float32 values, parameters + numbers of them.
   */
  reduce(numbers: readonly [weight: number, ...more: number[]]): Promise<number[]>;
}

/** @param numbers how many numbers go along with the gradients */
export function gradientReducer(group: ProcessGroup, parameters: readonly Tensor[], numbers: number): GradientReducer {
  const handles = parameters.map((parameter) => parameter.handle);
  const size = parameters.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0);
  const flat = ops.zeros([size + numbers]);
  const tail = flat.narrow(0, size, numbers);
  return {
    async reduce(given) {
      noGrad(() => {
        native.packGradients(handles, flat.handle);
        const values = tensor(new Float32Array(given));
        tail.copy_(values);
        values.release();
      });
      await group.allReduce([flat]);
      const sums = Array.from(tail.data() as Float32Array);
      noGrad(() => native.unpackGradients(handles, flat.handle, sums[0] as number));
      return sums;
    },
  };
}
