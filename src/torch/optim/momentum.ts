// The step of SGD and LARS: along a direction, or along the decaying sum of all directions so far.
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import { buffersOf, type Entry, parametersOf } from "./optimizer.js";

export interface MomentumOptions {
  readonly lr: number;
  readonly momentum: number;
  readonly nesterov?: boolean;
}

/** The one buffer, where there is momentum. */
export const momentumSlots = ({ momentum }: { readonly momentum: number }): readonly string[] =>
  momentum === 0 ? [] : ["momentum"];

function accumulated(
  entries: readonly Entry[],
  directions: readonly Tensor[],
  { momentum, nesterov = false }: MomentumOptions,
): readonly Tensor[] {
  if (momentum === 0) return directions;
  const buffers = buffersOf(entries, "momentum");
  ops.foreachMul_(buffers, momentum);
  ops.foreachAdd_(buffers, directions);
  return nesterov ? ops.foreachAdd(directions, buffers, { alpha: momentum }) : buffers;
}

/** b <- m b + d;  p <- p - lr b, or with Nesterov's look ahead p <- p - lr (d + m b) */
export function descend(entries: readonly Entry[], directions: readonly Tensor[], options: MomentumOptions): void {
  ops.foreachAdd_(parametersOf(entries), accumulated(entries, directions, options), { alpha: -options.lr });
}
