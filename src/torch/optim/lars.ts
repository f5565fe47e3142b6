// Layer-wise adaptive rate scaling (LARS), for the large batches of self-supervised learning.

import { requireDecay, requirePositive } from "../../options/ranges.js";
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import { descend, momentumSlots } from "./momentum.js";
import { createOptimizer, decayedGradients, type Entry, gradientsOf, type Method, parametersOf } from "./optimizer.js";
import type { Hyperparameters, Optimizer, ParametersOrGroups } from "./types.js";

export interface LarsHyperparameters extends Hyperparameters {
  readonly momentum: number;
  /** The norm of a step relative to that of the parameter, at a learning rate of 1. */
  readonly trust: number;
  /** Parameters of at most one dimension (biases, batch normalization) get neither weight decay nor rate scaling. */
  readonly excludeVectors: boolean;
}

export type LarsOptions = Pick<LarsHyperparameters, "lr"> & Partial<LarsHyperparameters>;

/** trust |p| / |d| for each parameter, 1 where either is zero; tensors, so that nothing waits for a device. */
function ratios(parameters: readonly Tensor[], directions: readonly Tensor[], trust: number): Tensor[] {
  const sizes = ops.stack(ops.foreachNorm(parameters));
  const lengths = ops.stack(ops.foreachNorm(directions));
  const usable = ops.logicalAnd(sizes.gt(0), lengths.gt(0));
  return ops.unbind(ops.where(usable, sizes.mul(trust).div(lengths), ops.onesLike(sizes)));
}

function updateAdapted(entries: readonly Entry[], hyper: LarsHyperparameters): void {
  if (entries.length === 0) return;
  const directions = decayedGradients(entries, hyper.weightDecay);
  const scaled = ops.foreachMul(directions, ratios(parametersOf(entries), directions, hyper.trust));
  descend(entries, scaled, hyper);
}

function updatePlain(entries: readonly Entry[], hyper: LarsHyperparameters): void {
  if (entries.length > 0) descend(entries, gradientsOf(entries), hyper);
}

const method: Method<LarsHyperparameters> = {
  check({ momentum, trust }) {
    requireDecay("momentum", momentum);
    requirePositive("trust", trust);
  },
  slots: momentumSlots,
  update(entries, hyper) {
    const isPlain = ({ parameter }: Entry) => hyper.excludeVectors && parameter.shape.length <= 1;
    updateAdapted(
      entries.filter((entry) => !isPlain(entry)),
      hyper,
    );
    updatePlain(entries.filter(isPlain), hyper);
    return null;
  },
};

/**
 * LARS: each parameter's step is scaled to its norm; then momentum, then the learning rate.
 *
 * d = g + weightDecay p;  r = trust |p| / |d| (1 where either is zero);  b <- momentum b + r d;  p <- p - lr b
 *
 * @throws RangeError for options out of range, no parameters, or one given twice.
 * @see You et al. 2017 (arXiv 1708.03888), in the form of BYOL's published optimizer (Grill et al. 2020, arXiv 2006.07733);
 * SimCLR's multiplies by the rate before the momentum, which is the same for a constant rate.
 */
export function lars(
  parameters: ParametersOrGroups<LarsHyperparameters>,
  { lr, momentum = 0.9, weightDecay = 0, trust = 0.001, excludeVectors = true }: LarsOptions,
): Optimizer {
  return createOptimizer(parameters, { lr, momentum, weightDecay, trust, excludeVectors }, method);
}
