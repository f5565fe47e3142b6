// Prediction of what a fixed network makes of an image: a random one first, then one that was trained so.
import { copyState, directions, meanDistance, predictionsAndProjections, type SlowNetwork } from "./representations.js";
import type { StepObjective } from "./types.js";

export interface FixedTargetsOptions {
  /** The network to predict, which stays as it is. */
  readonly fixed: SlowNetwork;
}

/**
 * The paper's preliminary experiment: a network learns to predict the outputs of a fixed one, random or trained before, from
 * one view. Outputs (batch, 2 d): predictions q, then projections.
 *
 * z_i = fixed(x_i);  loss = mean_i( 2 - 2 <q_i / |q_i|, z_i / |z_i|> )
 *
 * @see Huang et al. 2021, section 5 (arXiv 2101.08732)
 */
export function fixedTargets({ fixed }: FixedTargetsOptions): StepObjective {
  return {
    name: "fixed-random",
    views: 1,
    step(forward, { images }) {
      const [q] = predictionsAndProjections(forward(images));
      return { loss: meanDistance(directions(q), fixed.targets(images)), logits: null };
    },
    state: () => fixed.state(),
    load: (from) => copyState(from, fixed.state()),
  };
}
