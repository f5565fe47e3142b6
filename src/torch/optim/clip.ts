// Gradient clipping.

import { requirePositive } from "../../options/ranges.js";
import { noGrad } from "../autograd.js";
import { scope } from "../lifetime.js";
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import { listOfTensors } from "./groups.js";

function totalNorm(gradients: readonly Tensor[]): number {
  return ops.linalgVectorNorm(ops.stack(ops.foreachNorm(gradients))).item();
}

/**
 * Scales all gradients together, in place, so that their total 2-norm is at most `maxNorm`, and returns the norm before: check
 * that it is finite. Without any gradient it is 0.
 *
 * g <- g min(1, maxNorm / (norm + 1e-6))
 *
 * @throws RangeError unless `maxNorm` is above 0, and for what is no list of tensors.
 * @see Pascanu et al. 2013 (arXiv 1211.5063); the 1e-6 is PyTorch's
 */
export function clipGradNorm(parameters: Iterable<Tensor>, maxNorm: number): number {
  requirePositive("maxNorm", maxNorm);
  return noGrad(() =>
    scope(() => {
      const gradients = listOfTensors(parameters)
        .map(({ grad }) => grad)
        .filter((gradient) => gradient !== null);
      if (gradients.length === 0) return 0;
      const norm = totalNorm(gradients);
      const factor = maxNorm / (norm + 1e-6);
      if (factor < 1) ops.foreachMul_(gradients, factor);
      return norm;
    }),
  );
}
