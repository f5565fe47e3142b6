// Averaged weights (EMA), which are evaluated in place of the trained ones.
import type { Network } from "../../models/index.js";
import { type nn, noGrad, ops, scope, type Tensor } from "../../torch/index.js";

export interface WeightAverage<M extends nn.Module = Network> {
  /** The network with the averaged weights. */
  readonly model: M;
  /** Moves the average towards the trained weights; `step` counts all steps before this one. */
  update(step: number): void;
}

/** The decay of a step: small at first, so that the initial weights are soon forgotten. */
export function decayAt(decay: number, step: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}

/**
 * An exponential moving average of a network's weights and running statistics, held by `averaged`, which begins as a copy.
 *
 * a <- d a + (1 - d) w after every step, d = min(decay, (1 + s) / (10 + s)) with s the steps taken before; whole numbers,
 * such as batch norm's count of batches, are copied.
 * @see Polyak and Juditsky 1992; the decay of the first steps is that of TensorFlow's ExponentialMovingAverage
 */
export function averageWeights<M extends nn.Module>(trained: nn.Module, averaged: M, decay: number): WeightAverage<M> {
  averaged.loadStateDict(trained.stateDict());
  for (const parameter of averaged.parameters()) parameter.requiresGrad = false;
  const sources = [...trained.stateDict().values()];
  const copies = [...averaged.stateDict().values()];
  const isFloat = (tensor: Tensor) => tensor.dtype.startsWith("float");
  const [from, to] = [sources.filter(isFloat), copies.filter(isFloat)];
  const counters = sources.flatMap((source, i) => (isFloat(source) ? [] : [[source, copies[i] as Tensor] as const]));
  return {
    model: averaged,
    update: (step) =>
      scope(() =>
        noGrad(() => {
          const kept = decayAt(decay, step);
          ops.foreachMul_(to, kept);
          ops.foreachAdd_(to, from, { alpha: 1 - kept });
          for (const [source, copy] of counters) copy.copy_(source);
        }),
      ),
  };
}
