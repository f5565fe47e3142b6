// The bookkeeping of all optimizers, around the method that updates parameters by their gradients.

import { requireNonNegative } from "../../options/ranges.js";
import { noGrad } from "../autograd.js";
import { keep, scope } from "../lifetime.js";
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import { resolveGroups, type Tracked, type TrackedGroup } from "./groups.js";
import { copyState, restoreState } from "./state.js";
import type { Hyperparameters, Optimizer, ParametersOrGroups } from "./types.js";

/** A parameter that has a gradient. */
export interface Entry {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  readonly tracked: Tracked;
}

export interface Method<H> {
  /** @throws RangeError for a hyperparameter out of range. */
  check(hyper: H): void;
  /** The names of its buffers of each parameter. */
  slots(hyper: H): readonly string[];
  /**
   * Updates the parameters of one group, at least one; the gradients belong to the caller and must not change. Returns their
   * 2-norm where that costs nothing, else null.
   */
  update(entries: readonly Entry[], hyper: H): number | null;
}

export const parametersOf = (entries: readonly Entry[]): Tensor[] => entries.map(({ parameter }) => parameter);
export const gradientsOf = (entries: readonly Entry[]): Tensor[] => entries.map(({ gradient }) => gradient);

/** The gradients with weight decay: g + wd p. */
export function decayedGradients(entries: readonly Entry[], weightDecay: number): Tensor[] {
  const gradients = gradientsOf(entries);
  return weightDecay === 0 ? gradients : ops.foreachAdd(gradients, parametersOf(entries), { alpha: weightDecay });
}

/** The named buffer of each parameter, in its memory format, which may have changed since: zeros at the first update. */
export function buffersOf(entries: readonly Entry[], slot: string): Tensor[] {
  return entries.map(({ parameter, tracked: { buffers } }) => {
    const known = buffers[slot];
    const buffer = known === undefined ? keep(ops.zerosLike(parameter)) : inFormatOf(parameter, known);
    buffers[slot] = buffer;
    return buffer;
  });
}

/** The buffer, or in its place a copy that lies in memory as the parameter does. */
function inFormatOf(parameter: Tensor, buffer: Tensor): Tensor {
  if (String(buffer.strides) === String(parameter.strides)) return buffer;
  const moved = keep(ops.emptyLike(parameter));
  moved.copy_(buffer);
  buffer.release();
  return moved;
}

function entriesOf(tracked: readonly Tracked[]): Entry[] {
  return tracked.flatMap((one) => {
    const gradient = one.parameter.grad;
    return gradient === null ? [] : [{ parameter: one.parameter, gradient, tracked: one }];
  });
}

function updateGroup<H>(method: Method<H>, { tracked, hyper }: TrackedGroup<H>): number | null {
  const entries = entriesOf(tracked);
  if (entries.length === 0) return 0;
  for (const { tracked: one } of entries) one.step++;
  try {
    return method.update(entries, hyper);
  } catch (error) {
    for (const { tracked: one } of entries) one.step--;
    throw error;
  }
}

/** The total 2-norm of all parts; null where one is unknown. */
function commonNorm(norms: readonly (number | null)[]): number | null {
  return norms.includes(null) ? null : Math.hypot(...(norms as number[]));
}

function forget(one: Tracked): void {
  for (const buffer of Object.values(one.buffers)) buffer.release();
  one.buffers = {};
  one.step = 0;
}

/** The optimizer of a method. @throws RangeError for hyperparameters out of range and for unusable parameters. */
export function createOptimizer<H extends Hyperparameters>(
  given: ParametersOrGroups<H>,
  defaults: H,
  method: Method<H>,
): Optimizer {
  const groups = resolveGroups(given, defaults, (hyper) => method.check(hyper));
  const tracked = groups.flatMap((group) => group.tracked);
  let current = defaults.lr;

  const setLr = (lr: number) => {
    requireNonNegative("lr", lr);
    current = lr;
    for (const group of groups) {
      const rate = group.groupLr === undefined ? lr : group.groupLr * (lr / defaults.lr);
      group.hyper = { ...group.hyper, lr: rate };
    }
  };

  return {
    get groups() {
      return groups.map(({ tracked, hyper }) => ({ ...hyper, parameters: tracked.map(({ parameter }) => parameter) }));
    },
    get lr() {
      return current;
    },
    set lr(lr) {
      setLr(lr);
    },
    step() {
      return noGrad(() => scope(() => commonNorm(groups.map((group) => updateGroup(method, group)))));
    },
    zeroGrad() {
      for (const { parameter } of tracked) parameter.grad = null;
    },
    state: () => copyState(tracked, current),
    load(state) {
      const slots = groups.flatMap((group) => group.tracked.map(() => method.slots(group.hyper)));
      setLr(restoreState(state, tracked, slots));
    },
    release() {
      for (const one of tracked) forget(one);
    },
  };
}
