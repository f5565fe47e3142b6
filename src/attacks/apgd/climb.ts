// The climb of Auto-PGD: steps with momentum, whose size halves where they stop paying.
import { ops, scope, type Tensor } from "../../torch/index.js";
import type { See } from "../search/still-correct.js";
import { perImage, project, steepest } from "../steps/geometry.js";
import { type Slope, slopeAt } from "../steps/gradient.js";
import type { SampleLoss } from "../steps/losses.js";
import type { AttackBatch, Ball, Classifier } from "../types.js";

export interface Climb {
  readonly model: Classifier;
  readonly points: AttackBatch;
  readonly ball: Ball;
  readonly loss: SampleLoss;
  /** Inside the ball and [0, 1]. */
  readonly start: Tensor;
  readonly steps: number;
  /** The share of a stretch's steps that must gain for the step size to stay. */
  readonly rho: number;
  /** Is shown the start and every place after it. */
  readonly see: See;
}

/** alpha, the share of a step that follows the gradient; the rest repeats the step before it. */
const alpha = 0.75;

/**
 * The numbers of steps after which step sizes are judged: w_j = ceil(p_j steps), p_1 = 0.22,
 * p_{j+1} = p_j + max(p_j - p_{j-1} - 0.03, 0.06), p_0 = 0.
 */
export function checkpoints(steps: number): number[] {
  const marks: number[] = [];
  // In hundredths, so that no rounding lifts a whole number over the next.
  for (let [at, stretch] = [22, 22]; at <= 100; stretch = Math.max(stretch - 3, 6), at += stretch) {
    marks.push(Math.ceil((at * steps) / 100));
  }
  return [...new Set(marks)];
}

/** A place of each sample, what the loss is there, and its slope. */
interface Place {
  readonly images: Tensor;
  readonly losses: Tensor;
  readonly gradient: Tensor;
}

/** Where the climb is; every tensor is rewritten in place. */
interface State {
  readonly here: Place;
  readonly before: Tensor;
  readonly top: Place;
  /** (n) each: step sizes, and steps of this stretch that gained. */
  readonly sizes: Tensor;
  readonly gains: Tensor;
  /** The highest losses, and whether step sizes were halved, at the checkpoint before. */
  readonly last: { readonly losses: Tensor; readonly halved: Tensor };
}

/**
 * Auto-PGD from `start`: z = P(x_k + s_k d(grad loss)); x_{k+1} = P(x_k + a (z - x_k) + (1 - a)(x_k - x_{k-1})), a = 0.75,
 * the first step being z itself and its size 2 epsilon. At a checkpoint a sample's step size is halved, and its climb goes
 * on from the highest place so far, where fewer than rho of the steps since the last one gained, or where neither the
 * step size nor the highest loss has changed since.
 * @see Croce & Hein 2020, algorithm 1 (arXiv 2003.01690)
 */
export function climb(options: Climb): void {
  const { steps, start, rho } = options;
  const marks = [0, ...checkpoints(steps)];
  scope(() => {
    const state = stateAt(
      start,
      scope(() => arrive(start, options)),
      2 * options.ball.epsilon,
    );
    for (let step = 1; step <= steps; step++) {
      scope(() => {
        takeStep(state, step === 1 ? 1 : alpha, options);
        const mark = marks.indexOf(step);
        if (mark > 0) judgeSizes(state, rho * (step - (marks[mark - 1] as number)));
      });
    }
  });
}

function arrive(images: Tensor, { model, points, loss, see }: Climb): Slope {
  const slope = slopeAt(model, images, (logits) => loss(logits, points.labels));
  see(images, slope.logits);
  return slope;
}

function stateAt(images: Tensor, { losses, gradient }: Slope, size: number): State {
  const place = () => ({ images: images.clone(), losses: losses.clone(), gradient: gradient.clone() });
  const never = ops.zerosLike(losses);
  return {
    here: place(),
    before: images.clone(),
    top: place(),
    sizes: ops.fullLike(losses, size).to(images.dtype),
    gains: never.clone(),
    last: { losses: losses.clone(), halved: never.to("bool") },
  };
}

/** Rewrites the samples of `place` that are chosen, (n) bool, with another's. */
function replaceWhere(chosen: Tensor, place: Place, other: Place): void {
  for (const part of ["images", "losses", "gradient"] as const) {
    place[part].copy_(ops.where(perImage(chosen, place[part]), other[part], place[part]));
  }
}

function takeStep(state: State, share: number, options: Climb): void {
  const { here, before, top } = state;
  const { points, ball } = options;
  const step = steepest(here.gradient, ball.norm).mul(perImage(state.sizes, here.images));
  const onward = project(here.images.add(step), points.images, ball).sub(here.images).mul(share);
  const repeated = here.images.sub(before).mul(1 - share);
  const images = project(here.images.add(onward).add(repeated), points.images, ball);
  const next = { images, ...arrive(images, options) };
  state.gains.add_(next.losses.gt(here.losses));
  before.copy_(here.images);
  for (const part of ["images", "losses", "gradient"] as const) here[part].copy_(next[part]);
  replaceWhere(next.losses.gt(top.losses), top, next);
}

/** Halves the step sizes of samples for which fewer than `due` steps gained, or nothing changed since the last time. */
function judgeSizes({ here, top, sizes, gains, last }: State, due: number): void {
  const stuck = last.losses.eq(top.losses).logicalAnd(last.halved.logicalNot());
  const halved = gains.lt(due).logicalOr(stuck);
  sizes.copy_(ops.where(halved, sizes.mul(0.5), sizes));
  replaceWhere(halved, here, top);
  gains.zero_();
  last.losses.copy_(top.losses);
  last.halved.copy_(halved);
}
