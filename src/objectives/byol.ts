// BYOL: a network that predicts what a slow copy of itself makes of another view.
import { ops } from "../torch/index.js";
import {
  copyState,
  directions,
  meanDistance,
  predictionsAndProjections,
  type SlowNetwork,
  views,
} from "./representations.js";
import type { StepObjective } from "./types.js";

export interface ByolOptions {
  readonly slow: SlowNetwork;
  /** b, the share of the slow network that a step leaves in place, by how much of training is done (0 to 1). */
  readonly slowMomentum?: (done: number) => number;
  /** Two views that predict one another, or one that predicts itself. */
  readonly views?: 1 | 2;
}

/** The momentum of BYOL: from `base` to 1 by half a cosine. @see Grill et al. 2020, section 3.2 */
export function risingMomentum(base: number): (done: number) => number {
  return (done) => 1 - ((1 - base) * (Math.cos(Math.PI * Math.min(1, done)) + 1)) / 2;
}

/**
 * Bootstrap your own latent. Outputs (2 batch, 2 d) of both views: predictions q, then projections; z = slow(x), |z| = 1.
 *
 * loss = mean_i( 2 - 2 <q_i / |q_i|, z'_i> ) + mean_i( 2 - 2 <q'_i / |q'_i|, z_i> ),  a dash for the other view
 *
 * After the step the slow network moves: s <- b s + (1 - b) w. With one view z' = z, and the loss has one term.
 * @see Grill et al. 2020 (arXiv 2006.07733)
 */
export function byol({ slow, slowMomentum = risingMomentum(0.996), views: count = 2 }: ByolOptions): StepObjective {
  return {
    name: "byol",
    views: count,
    step(forward, { images }) {
      const q = directions(predictionsAndProjections(forward(images))[0]);
      const z = slow.targets(images);
      if (count === 1) return { loss: meanDistance(q, z), logits: null };
      const [first, second] = views(z);
      return { loss: meanDistance(q, ops.cat([second, first])).mul(2), logits: null };
    },
    afterStep: (done) => slow.follow(slowMomentum(done)),
    state: () => slow.state(),
    load: (from) => copyState(from, slow.state()),
  };
}
