// The walk that most attacks are made of: steps up the slope of a loss, each brought back into the ball.
import { scope, type Tensor } from "../../torch/index.js";
import type { AttackBatch, Ball, Classifier } from "../types.js";
import { project, steepest } from "./geometry.js";
import { answer, slopeAt } from "./gradient.js";
import type { SampleLoss } from "./losses.js";

export interface Ascent {
  readonly model: Classifier;
  readonly points: AttackBatch;
  readonly ball: Ball;
  readonly loss: SampleLoss;
  /** Where the walk begins, of the images' shape; it need not lie inside [0, 1]. */
  readonly start: Tensor;
  readonly steps: number;
  /** How far a step leads in the ball's norm; steps count from 0. */
  readonly stepSize: (step: number) => number;
  /** The direction of a step from the gradient of the loss; the steepest of the ball's norm unless given. */
  readonly direction?: (gradient: Tensor) => Tensor;
  /** Is shown every place after the start, with the number of steps that led there. */
  readonly see: (images: Tensor, logits: Tensor, step: number) => void;
}

/** x_{s+1} = P(x_s + a_s d(grad sum_i loss_i(x_s))), P the projection into the ball and [0, 1]; returns the last place. */
export function ascend(ascent: Ascent): Tensor {
  const { model, steps, see } = ascent;
  return scope(() => {
    let place = ascent.start;
    for (let step = 0; step < steps; step++) {
      const next = scope(() => stepFrom(place, step, ascent));
      if (step > 0) place.release();
      place = next;
    }
    scope(() => see(place, answer(model, place), steps));
    return place;
  });
}

function stepFrom(place: Tensor, step: number, ascent: Ascent): Tensor {
  const { model, points, ball, loss, stepSize, see } = ascent;
  const { direction = (gradient) => steepest(gradient, ball.norm) } = ascent;
  const { logits, gradient } = slopeAt(model, place, (z) => loss(z, points.labels));
  if (step > 0) see(place, logits, step);
  return project(place.add(direction(gradient), { alpha: stepSize(step) }), points.images, ball);
}
