// Projected gradient ascent, the loop of most attacks.
import { scope, type Tensor } from "../../torch/index.js";
import type { AttackBatch, Ball, Classifier } from "../types.js";
import { project, steepest } from "./geometry.js";
import { logitsOf, lossGradient } from "./gradient.js";
import type { SampleLoss } from "./losses.js";

export interface Ascent {
  readonly model: Classifier;
  readonly batch: AttackBatch;
  readonly ball: Ball;
  readonly loss: SampleLoss;
  /** The first point, of the images' shape; it need not lie inside [0, 1]. */
  readonly start: Tensor;
  readonly steps: number;
  /** The length of a step in the ball's norm; steps count from 0. */
  readonly stepSize: (step: number) => number;
  /** The direction of a step from the gradient of the loss (default: the steepest in the ball's norm). */
  readonly direction?: (gradient: Tensor) => Tensor;
  /** Called with every point after the start, and the number of steps taken. */
  readonly onStep: (images: Tensor, logits: Tensor, step: number) => void;
}

/** x_{s+1} = P(x_s + a_s d(grad sum_i loss_i(x_s))), P the projection into the ball and [0, 1]; returns the last point. */
export function ascend(ascent: Ascent): Tensor {
  const { model, steps, onStep } = ascent;
  return scope(() => {
    let point = ascent.start;
    for (let step = 0; step < steps; step++) {
      const next = scope(() => takeStep(point, step, ascent));
      if (step > 0) point.release();
      point = next;
    }
    scope(() => onStep(point, logitsOf(model, point), steps));
    return point;
  });
}

function takeStep(point: Tensor, step: number, ascent: Ascent): Tensor {
  const { model, batch, ball, loss, stepSize, onStep } = ascent;
  const { direction = (gradient) => steepest(gradient, ball.norm) } = ascent;
  const { logits, gradient } = lossGradient(model, point, (z) => loss(z, batch.labels));
  if (step > 0) onStep(point, logits, step);
  return project(point.add(direction(gradient), { alpha: stepSize(step) }), batch.images, ball);
}
