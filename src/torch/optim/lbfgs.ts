// L-BFGS: minimizes a smooth function of one tensor by its full gradient, without a learning rate.

import { requirePositive } from "../../options/ranges.js";
import { noGrad } from "../autograd.js";
import { scope } from "../lifetime.js";
import type { Tensor } from "../tensor.js";

/** The function's value at `x`, and its gradient there, of the shape of `x`. */
export type SmoothFunction = (x: Tensor) => { readonly value: number; readonly gradient: Tensor };

export interface LbfgsOptions {
  /** How many past steps estimate the curvature. */
  readonly history?: number;
  /** Maximum number of steps. */
  readonly iterations?: number;
  /** Stops where no element of the gradient is larger. */
  readonly tolerance?: number;
}

export interface Minimum {
  /** The caller's to release. */
  readonly x: Tensor;
  readonly value: number;
  /** The largest absolute element of the gradient. */
  readonly largestGradient: number;
  readonly iterations: number;
  /** The number of evaluations of the function. */
  readonly evaluations: number;
  /** Whether the gradient is within the tolerance; else the steps ran out, or rounding allows no further descent. */
  readonly converged: boolean;
}

interface Point {
  readonly x: Tensor;
  readonly value: number;
  readonly gradient: Tensor;
}

/** A step s and its change of the gradient, y. */
interface Pair {
  readonly step: Tensor;
  readonly change: Tensor;
  /** <s, y>, above 0. */
  readonly curvature: number;
}

/** Wolfe's constants: the fraction of the slope that a step must gain, and the fraction that may remain. */
const [enoughDescent, flatEnough] = [1e-4, 0.9];
/** The relative increase of the value that counts as rounding where the slopes show descent. */
const rounding = 1e-6;
const longestSearch = 40;

const dot = (a: Tensor, b: Tensor) => a.mul(b).sum().item();
const largestOf = (gradient: Tensor) => gradient.abs().max().item();

/**
 * Minimizes a smooth function from `start`, which is not modified: x <- x - t H g, H the inverse curvature estimated from the
 * last steps, t by bisection to where Wolfe's two conditions hold (decrease 1e-4, slope 0.9), so that <s, y> > 0. Where
 * rounding hides the decrease, Hager and Zhang's condition on the slopes is used.
 *
 * `problem` is called without recording gradients, in a scope.
 * @throws RangeError for options that are not positive, and where the function is not finite at the start.
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

/** Otherwise long runs would keep every point in memory until the end. */
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
  const weights = pairs.toReversed().map(({ step, change, curvature }) => {
    const weight = dot(step, direction) / curvature;
    direction.sub_(change, { alpha: weight });
    return weight;
  });
  const last = pairs.at(-1);
  if (last !== undefined) direction.mul_(last.curvature / dot(last.change, last.change));
  pairs.forEach(({ step, change, curvature }, i) => {
    direction.add_(step, { alpha: (weights[pairs.length - 1 - i] as number) - dot(change, direction) / curvature });
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
    // Written so that NaN counts as too far.
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
