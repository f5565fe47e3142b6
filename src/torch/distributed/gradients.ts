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
   * Replaces every gradient by its sum over the ranks, the same bits on all of them; a missing one counts as zeros, and what no
   * rank has a gradient of keeps none. Returns the sums of the numbers. One all-reduce of a value for each element of the
   * parameters, each parameter and each number.
   */
  reduce(numbers: readonly number[]): Promise<number[]>;
}

/**
 * @param numbers how many numbers go along with the gradients
 * @throws RangeError without parameters
 */
export function gradientReducer(group: ProcessGroup, parameters: readonly Tensor[], numbers: number): GradientReducer {
  const [first] = parameters;
  if (first === undefined) throw new RangeError("gradients are reduced of at least one parameter; received none");
  const { device, dtype } = first;
  const handles = parameters.map((parameter) => parameter.handle);
  const size = parameters.reduce((sum, parameter) => sum + parameter.size, 0);
  const start = size + parameters.length;
  const flat = ops.zeros([start + numbers], { device, dtype });
  const tail = flat.narrow(0, start, numbers);
  return {
    async reduce(given) {
      noGrad(() => {
        native.packGradients(handles, flat.handle);
        const values = tensor(new Float64Array(given));
        tail.copy_(values);
        values.release();
      });
      await group.allReduce([flat]);
      native.unpackGradients(handles, flat.handle);
      return Array.from(tail.data() as Float32Array);
    },
  };
}
