// The ascent of Auto-PGD: steps with momentum, whose size is halved when progress stalls.
import { ops, scope, type Tensor } from "../../torch/index.js";
import type { Consider } from "../search/still-correct.js";
import type { Ascent } from "../steps/ascend.js";
import { perImage, project, steepest } from "../steps/geometry.js";
import { type LossGradient, lossGradient } from "../steps/gradient.js";

/** An ascent that chooses its own step size; the start lies inside the ball and [0, 1]. */
export interface AdaptiveAscent extends Pick<Ascent, "model" | "batch" | "ball" | "loss" | "start" | "steps"> {
  /** The fraction of steps between two checkpoints that must increase the loss for the step size to stay. */
  readonly rho: number;
  /** Called with the start and every point after it. */
  readonly consider: Consider;
}

/** The weight of the gradient step; the rest repeats the previous step. */
const alpha = 0.75;

/**
 * The checkpoints, the numbers of steps after which step sizes are adapted: w_j = ceil(p_j steps), p_1 = 0.22,
 * p_{j+1} = p_j + max(p_j - p_{j-1} - 0.03, 0.06), p_0 = 0.
 */
export function checkpointsOf(steps: number): number[] {
  const checkpoints: number[] = [];
  // In hundredths, so that rounding errors do not change a whole number.
  for (let [percent, period] = [22, 22]; percent <= 100; period = Math.max(period - 3, 6), percent += period) {
    checkpoints.push(Math.ceil((percent * steps) / 100));
  }
  return [...new Set(checkpoints)];
}

/** A point of each sample, with the loss there and its gradient. */
interface Point {
  readonly images: Tensor;
  readonly losses: Tensor;
  readonly gradient: Tensor;
}

/** The state of the ascent; every tensor is updated in place. */
interface State {
  readonly current: Point;
  readonly previous: Tensor;
  readonly best: Point;
  /** (n) each: step sizes, and steps since the last checkpoint that increased the loss. */
  readonly sizes: Tensor;
  readonly gains: Tensor;
  /** The highest losses, and whether step sizes were halved, at the last checkpoint. */
  readonly last: { readonly losses: Tensor; readonly halved: Tensor };
}

/**
 * Auto-PGD from `start`: z = P(x_k + s_k d(grad loss)); x_{k+1} = P(x_k + a (z - x_k) + (1 - a)(x_k - x_{k-1})), a = 0.75,
 * the first step being z itself and its size 2 epsilon. At a checkpoint a sample's step size is halved, and it continues from
 * its best point so far, where fewer than rho of the steps since the last checkpoint increased the loss, or where neither the
 * step size nor the highest loss has changed since.
 * @see Croce & Hein 2020, algorithm 1 (arXiv 2003.01690)
 */
export function adaptiveAscent(options: AdaptiveAscent): void {
  const { steps, start, rho } = options;
  const checkpoints = [0, ...checkpointsOf(steps)];
  scope(() => {
    const state = stateAt(
      start,
      scope(() => evaluate(start, options)),
      2 * options.ball.epsilon,
    );
    for (let step = 1; step <= steps; step++) {
      scope(() => {
        takeStep(state, step === 1 ? 1 : alpha, options);
        const checkpoint = checkpoints.indexOf(step);
        if (checkpoint > 0) adaptSizes(state, rho * (step - (checkpoints[checkpoint - 1] as number)));
      });
    }
  });
}

function evaluate(images: Tensor, { model, batch, loss, consider }: AdaptiveAscent): LossGradient {
  const evaluated = lossGradient(model, images, (logits) => loss(logits, batch.labels));
  consider(images, evaluated.logits);
  return evaluated;
}

function stateAt(images: Tensor, { losses, gradient }: LossGradient, size: number): State {
  const point = () => ({ images: images.clone(), losses: losses.clone(), gradient: gradient.clone() });
  const never = ops.zerosLike(losses);
  return {
    current: point(),
    previous: images.clone(),
    best: point(),
    sizes: ops.fullLike(losses, size).to(images.dtype),
    gains: never.clone(),
    last: { losses: losses.clone(), halved: never.to("bool") },
  };
}

/** Overwrites the selected samples, (n) bool, of a point with those of another. */
function replaceWhere(selected: Tensor, point: Point, other: Point): void {
  for (const part of ["images", "losses", "gradient"] as const) {
    point[part].copy_(ops.where(perImage(selected, point[part]), other[part], point[part]));
  }
}

function takeStep(state: State, gradientWeight: number, options: AdaptiveAscent): void {
  const { current, previous, best } = state;
  const { batch, ball } = options;
  const step = steepest(current.gradient, ball.norm).mul(perImage(state.sizes, current.images));
  const gradientStep = project(current.images.add(step), batch.images, ball).sub(current.images).mul(gradientWeight);
  const momentumStep = current.images.sub(previous).mul(1 - gradientWeight);
  const images = project(current.images.add(gradientStep).add(momentumStep), batch.images, ball);
  const next = { images, ...evaluate(images, options) };
  state.gains.add_(next.losses.gt(current.losses));
  previous.copy_(current.images);
  for (const part of ["images", "losses", "gradient"] as const) current[part].copy_(next[part]);
  replaceWhere(next.losses.gt(best.losses), best, next);
}

/** Halves the step sizes of samples with fewer than `required` gains, or without a change since the last checkpoint. */
function adaptSizes({ current, best, sizes, gains, last }: State, required: number): void {
  const stuck = last.losses.eq(best.losses).logicalAnd(last.halved.logicalNot());
  const halved = gains.lt(required).logicalOr(stuck);
  sizes.copy_(ops.where(halved, sizes.mul(0.5), sizes));
  replaceWhere(halved, current, best);
  gains.zero_();
  last.losses.copy_(best.losses);
  last.halved.copy_(halved);
}
