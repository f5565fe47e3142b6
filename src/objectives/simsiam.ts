// SimSiam: two views predict each other, without a target network.
import { directions, meanDistance, predictionsAndProjections, views } from "./representations.js";
import type { LossObjective } from "./types.js";

/**
 * Simple siamese representation learning. Outputs (2 batch, 2 d) of both views: predictions p, then projections z, which are
 * constants here.
 *
 * loss = -1/2 mean_i <p_i / |p_i|, z'_i / |z'_i|> - 1/2 mean_i <p'_i / |p'_i|, z_i / |z_i|>,  a dash for the other view
 *
 * @see Chen and He 2021, equation 4 (arXiv 2011.10566)
 */
export function simSiam(): LossObjective {
  return {
    name: "simsiam",
    views: 2,
    loss(outputs) {
      const [predictions, projections] = predictionsAndProjections(outputs);
      const [p, q] = views(directions(predictions));
      const [z, y] = views(directions(projections.detach()));
      const half = (a: typeof p, b: typeof z) => meanDistance(a, b).sub(2).div(4);
      return half(p, y).add(half(q, z));
    },
    state: () => new Map(),
    load: () => {},
  };
}
