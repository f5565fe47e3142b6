// Adam, and AdamW with decoupled weight decay.

import { requireDecay, requirePositive } from "../../options/ranges.js";
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import {
  buffersOf,
  createOptimizer,
  decayedGradients,
  type Entry,
  gradientsOf,
  type Method,
  parametersOf,
} from "./optimizer.js";
import type { Hyperparameters, Optimizer, ParametersOrGroups } from "./types.js";

export interface AdamHyperparameters extends Hyperparameters {
  /** Decay of the running means of the gradient and of its square (default: 0.9, 0.999). */
  readonly betas: readonly [number, number];
  /** Keeps the division finite. */
  readonly epsilon: number;
}

export type AdamOptions = Pick<AdamHyperparameters, "lr"> & Partial<AdamHyperparameters>;

/** Parameters that were updated equally often, with the same bias corrections: all of them, except for missing gradients. */
function byStep(entries: readonly Entry[]): Map<number, Entry[]> {
  const cohorts = new Map<number, Entry[]>();
  for (const entry of entries) {
    const cohort = cohorts.get(entry.tracked.step);
    if (cohort === undefined) cohorts.set(entry.tracked.step, [entry]);
    else cohort.push(entry);
  }
  return cohorts;
}

/** mean <- beta mean + (1 - beta) value */
function moveMeans(means: readonly Tensor[], values: readonly Tensor[], beta: number): void {
  ops.foreachMul_(means, beta);
  ops.foreachAdd_(means, values, { alpha: 1 - beta });
}

function moveSquares(squares: readonly Tensor[], values: readonly Tensor[], beta: number): void {
  ops.foreachMul_(squares, beta);
  ops.foreachAddcmul_(squares, values, values, { value: 1 - beta });
}

function descend(
  entries: readonly Entry[],
  gradients: readonly Tensor[],
  step: number,
  hyper: AdamHyperparameters,
): void {
  const [beta1, beta2] = hyper.betas;
  const means = buffersOf(entries, "mean");
  const squares = buffersOf(entries, "square");
  moveMeans(means, gradients, beta1);
  moveSquares(squares, gradients, beta2);
  const roots = ops.foreachSqrt(squares);
  ops.foreachDiv_(roots, Math.sqrt(1 - beta2 ** step));
  ops.foreachAdd_(roots, hyper.epsilon);
  ops.foreachAddcdiv_(parametersOf(entries), means, roots, { value: -hyper.lr / (1 - beta1 ** step) });
}

function check({ betas, epsilon }: AdamHyperparameters): void {
  requireDecay("betas[0]", betas[0]);
  requireDecay("betas[1]", betas[1]);
  requirePositive("epsilon", epsilon);
}

const slots = () => ["mean", "square"];

const coupled: Method<AdamHyperparameters> = {
  check,
  slots,
  update(entries, hyper) {
    for (const [step, cohort] of byStep(entries)) {
      descend(cohort, decayedGradients(cohort, hyper.weightDecay), step, hyper);
    }
    return null;
  },
};

const decoupled: Method<AdamHyperparameters> = {
  check,
  slots,
  update(entries, hyper) {
    if (hyper.weightDecay !== 0) ops.foreachMul_(parametersOf(entries), 1 - hyper.lr * hyper.weightDecay);
    for (const [step, cohort] of byStep(entries)) descend(cohort, gradientsOf(cohort), step, hyper);
    return null;
  },
};

/**
 * Adam: steps of about `lr` along the gradient's running mean over the root of its square's; weight decay is added to the gradient.
 *
 * d = g + weightDecay p;  m <- b1 m + (1 - b1) d;  v <- b2 v + (1 - b2) d^2;
 * p <- p - lr m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + epsilon)
 *
 * @throws RangeError for options out of range, no parameters, or one given twice.
 * @see Kingma and Ba 2014 (arXiv 1412.6980)
 */
export function adam(
  parameters: ParametersOrGroups<AdamHyperparameters>,
  { lr, betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0 }: AdamOptions,
): Optimizer {
  return createOptimizer(parameters, { lr, betas, epsilon, weightDecay }, coupled);
}

/**
 * Adam with decoupled weight decay: p <- (1 - lr weightDecay) p first, then Adam's step by the gradient alone.
 *
 * @throws RangeError for options out of range, no parameters, or one given twice.
 * @see Loshchilov and Hutter 2017 (arXiv 1711.05101)
 */
export function adamW(
  parameters: ParametersOrGroups<AdamHyperparameters>,
  { lr, betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0.01 }: AdamOptions,
): Optimizer {
  return createOptimizer(parameters, { lr, betas, epsilon, weightDecay }, decoupled);
}
