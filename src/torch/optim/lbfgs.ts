// L-BFGS: a smooth function of one tensor minimized by its whole gradient, without a learning rate.

import { requirePositive } from "../../options/ranges.js";
import { noGrad } from "../autograd.js";
import { scope } from "../lifetime.js";
import type { Tensor } from "../tensor.js";

/** The function's value at `x`, and its gradient there, of the shape of `x`. */
export type SmoothFunction = (x: Tensor) => { readonly value: number; readonly gradient: Tensor };

export interface LbfgsOptions {
  /** How many steps the curvature is learnt from. */
  readonly history?: number;
  /** At most so many steps. */
  readonly iterations?: number;
  /** Ends where no element of the gradient is larger. */
  readonly tolerance?: number;
}

export interface Minimum {
  /** The caller's to release. */
  readonly x: Tensor;
  readonly value: number;
  /** The gradient's largest element, its sign left out. */
  readonly largestGradient: number;
  readonly iterations: number;
  /** How often the function was asked. */
  readonly evaluations: number;
  /** Whether the gradient is within the tolerance; else the steps ran out, or rounding allows no further descent. */
  readonly converged: boolean;
}

interface Point {
  readonly x: Tensor;
  readonly value: number;
  readonly gradient: Tensor;
}

/** A step s and how it changed the gradient, y. */
interface Pair {
  readonly step: Tensor;
  readonly change: Tensor;
  /** <s, y>, over 0. */
  readonly curvature: number;
}

/** Wolfe's constants: the share of the slope that a step must win, and that which it may leave. */
const [enoughDescent, flatEnough] = [1e-4, 0.9];
/** By how much of itself the value may seem to rise, for rounding, where the slopes tell of descent. */
const rounding = 1e-6;
const longestSearch = 40;

const dot = (a: Tensor, b: Tensor) => a.mul(b).sum().item();
const largestOf = (gradient: Tensor) => gradient.abs().max().item();

/**
 * Minimizes a smooth function from `start`, which stays as it is: x <- x - t H g, H the inverse curvature that the last steps
 * tell of, t by bisection to where Wolfe's two conditions hold (decrease 1e-4, slope 0.9), so that <s, y> > 0. Where rounding
 * hides the decrease, Hager and Zhang's condition on the slopes tells of it.
 *
 * `problem` is asked without recording gradients, in a scope of its own. @throws RangeError for options that are not
 * positive, and where the function is not finite at the start.
 * @see Nocedal and Wright 2006, "Numerical Optimization", algorithm 7.4; Lewis and Overton 2013, algorithm 2.6, for the search;
 * Hager and Zhang 2005, equation 4.1
 */
export function lbfgs(
  problem: SmoothFunction,
  start: Tensor,
  { history = 10, iterations = 100, tolerance = 1e-5 }: LbfgsOptions = {},
): Minimum {
  for (const [name, value] of Object.entries({ history, iterations, tolerance })) requirePositive(name, value);
  return noGrad(() => scope(() => descend(problem, start, { history, iterations, tolerance })));
}

function descend(problem: SmoothFunction, start: Tensor, options: Required<LbfgsOptions>): Minimum {
  let evaluations = 0;
  const ask = (x: Tensor): Point => {
    evaluations++;
    return { x, ...scope(() => problem(x)) };
  };
  let point = ask(start.clone());
  if (!Number.isFinite(point.value))
    throw new RangeError(`the function must be finite at the start, is ${point.value}`);
  let largest = scope(() => largestOf(point.gradient));
  let iterations = 0;
  const pairs: Pair[] = [];
  for (; iterations < options.iterations && largest > options.tolerance; iterations++) {
    const moved = scope(() => stepFrom(point, pairs, ask));
    if (moved === null) break;
    pairs.push(moved.pair);
    if (pairs.length > options.history) release(pairs.shift() as Pair);
    release(point);
    point = moved.point;
    largest = scope(() => largestOf(point.gradient));
  }
  const { x, value } = point;
  return { x, value, largestGradient: largest, iterations, evaluations, converged: largest <= options.tolerance };
}

/** Long runs would hold every point that they passed until the end. */
function release(held: Point | Pair): void {
  const tensors = "x" in held ? [held.x, held.gradient] : [held.step, held.change];
  for (const tensor of tensors) tensor.release();
}

/** One step, or null where none descends. */
function stepFrom(point: Point, pairs: readonly Pair[], ask: (x: Tensor) => Point) {
  const direction = quasiNewton(point.gradient, pairs);
  const first = pairs.length === 0 ? Math.min(1, 1 / point.gradient.abs().sum().item()) : 1;
  const next = search(point, direction, first, ask);
  if (next === null) return null;
  const step = next.x.sub(point.x);
  const change = next.gradient.sub(point.gradient);
  return { point: next, pair: { step, change, curvature: dot(step, change) } };
}

/** -H g by the two-loop recursion, H starting at <s, y> / <y, y> of the last step. */
function quasiNewton(gradient: Tensor, pairs: readonly Pair[]): Tensor {
  const direction = gradient.neg();
  const shares = pairs.toReversed().map(({ step, change, curvature }) => {
    const share = dot(step, direction) / curvature;
    direction.sub_(change, { alpha: share });
    return share;
  });
  const last = pairs.at(-1);
  if (last !== undefined) direction.mul_(last.curvature / dot(last.change, last.change));
  pairs.forEach(({ step, change, curvature }, i) => {
    direction.add_(step, { alpha: (shares[pairs.length - 1 - i] as number) - dot(change, direction) / curvature });
  });
  return direction;
}

/** A point along the direction where Wolfe's conditions hold, or null where rounding hides them. */
function search(from: Point, direction: Tensor, first: number, ask: (x: Tensor) => Point): Point | null {
  const slope = dot(from.gradient, direction);
  let [near, far, length] = [0, Number.POSITIVE_INFINITY, first];
  for (let i = 0; i < longestSearch && slope < 0; i++) {
    const there = ask(from.x.add(direction, { alpha: length }));
    const left = dot(there.gradient, direction);
    // Said so that a value that is no number counts as too far.
    const falls = there.value <= from.value + enoughDescent * length * slope;
    const level = there.value <= from.value + rounding * Math.abs(from.value);
    const descends = falls || (level && left <= (2 * enoughDescent - 1) * slope);
    if (descends && left >= flatEnough * slope) return there;
    if (descends) near = length;
    else far = length;
    length = Number.isFinite(far) ? (near + far) / 2 : 2 * near;
  }
  return null;
}
