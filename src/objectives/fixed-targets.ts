// Predicting the representations of a frozen teacher: a random network first, then one that was trained this way.
import {
  copyState,
  directions,
  meanDistance,
  predictionsAndProjections,
  type TargetNetwork,
} from "./representations.js";
import type { StepObjective } from "./types.js";

export interface FixedTargetsOptions {
  /** The frozen teacher, whose representations are predicted. */
  readonly teacher: TargetNetwork;
}

/**
 * The paper's preliminary experiment: a network learns to predict the outputs of a frozen teacher, random or trained
 * before, from one view. Outputs (batch, 2 d): predictions q, then projections.
 *
 * z_i = teacher(x_i);  loss = mean_i( 2 - 2 <q_i / |q_i|, z_i / |z_i|> )
 *
 * @see Huang et al. 2021, section 5 (arXiv 2101.08732)
 */
export function fixedTargets({ teacher }: FixedTargetsOptions): StepObjective {
  return {
    name: "fixed-random",
    views: 1,
    step(forward, { images }) {
      const [q] = predictionsAndProjections(forward(images));
      return { loss: meanDistance(directions(q), teacher.targets(images)), logits: null };
    },
    state: () => teacher.state(),
    load: (from) => copyState(from, teacher.state()),
  };
}
