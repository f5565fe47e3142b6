// BYOL: a network predicts how an EMA copy of itself represents another view.
import { ops } from "../torch/index.js";
import {
  copyState,
  directions,
  meanDistance,
  predictionsAndProjections,
  type TargetNetwork,
  views,
} from "./representations.js";
import type { StepObjective } from "./types.js";

export interface ByolOptions {
  readonly targetNetwork: TargetNetwork;
  /** b, the fraction of the target network kept at each step, by the fraction of training done (0 to 1). */
  readonly encoderMomentum?: (done: number) => number;
  /** Two views that predict each other, or one view. */
  readonly views?: 1 | 2;
}

/** The momentum of BYOL: from `base` to 1 by half a cosine. @see Grill et al. 2020, section 3.2 */
export function risingMomentum(base: number): (done: number) => number {
  return (done) => 1 - ((1 - base) * (Math.cos(Math.PI * Math.min(1, done)) + 1)) / 2;
}

/**
 * Bootstrap your own latent. Outputs (2 batch, 2 d) of both views: predictions q, then projections; z = target(x), |z| = 1.
 *
 * loss = mean_i( 2 - 2 <q_i / |q_i|, z'_i> ) + mean_i( 2 - 2 <q'_i / |q'_i|, z_i> ),  a dash for the other view
 *
 * After the step the target network moves: s <- b s + (1 - b) w. With one view z' = z, and the loss has one term.
 * @see Grill et al. 2020 (arXiv 2006.07733)
 */
export function byol({
  targetNetwork,
  encoderMomentum = risingMomentum(0.996),
  views: count = 2,
}: ByolOptions): StepObjective {
  return {
    name: "byol",
    views: count,
    step(forward, { images }) {
      const q = directions(predictionsAndProjections(forward(images))[0]);
      const z = targetNetwork.targets(images);
      if (count === 1) return { loss: meanDistance(q, z), logits: null };
      const [first, second] = views(z);
      return { loss: meanDistance(q, ops.cat([second, first])).mul(2), logits: null };
    },
    afterStep: (done) => targetNetwork.follow(encoderMomentum(done)),
    state: () => targetNetwork.state(),
    load: (from) => copyState(from, targetNetwork.state()),
  };
}
