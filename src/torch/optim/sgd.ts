// Stochastic gradient descent.
import { requireDecay } from "../../options/ranges.js";
import { descend, momentumSlots } from "./momentum.js";
import { createOptimizer, decayedGradients, type Method } from "./optimizer.js";
import { descendPacked, descendsPacked } from "./packed-descent.js";
import type { Hyperparameters, Optimizer, ParametersOrGroups } from "./types.js";

export interface SgdHyperparameters extends Hyperparameters {
  readonly momentum: number;
  readonly nesterov: boolean;
}

export type SgdOptions = Pick<SgdHyperparameters, "lr"> & Partial<SgdHyperparameters>;

const method: Method<SgdHyperparameters> = {
  check({ momentum, nesterov }) {
    requireDecay("momentum", momentum);
    if (nesterov && momentum === 0)
      throw new RangeError("`momentum`: received 0; expected a number above 0 for `nesterov`");
  },
  slots: momentumSlots,
  update(entries, hyper) {
    if (descendsPacked(entries)) return descendPacked(entries, hyper);
    descend(entries, decayedGradients(entries, hyper.weightDecay), hyper);
    return null;
  },
};

/**
 * Stochastic gradient descent with momentum, as in PyTorch: the rate multiplies the sum, not the summands.
 *
 * d = g + weightDecay p;  b <- momentum b + d (at first b = d);  p <- p - lr b, with `nesterov` p <- p - lr (d + momentum b)
 *
 * @throws RangeError for options out of range, no parameters, or one given twice.
 * @see Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning"
 */
export function sgd(
  parameters: ParametersOrGroups<SgdHyperparameters>,
  { lr, momentum = 0, nesterov = false, weightDecay = 0 }: SgdOptions,
): Optimizer {
  return createOptimizer(parameters, { lr, momentum, nesterov, weightDecay }, method);
}
