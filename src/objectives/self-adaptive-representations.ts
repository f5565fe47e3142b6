// Self-adaptive self-supervised training: targets are averaged representations in place of class probabilities.

import { requireFraction } from "../options/ranges.js";
import { type DType, noGrad, ops, type Tensor } from "../torch/index.js";
import type { Indices } from "./indices.js";
import {
  copyState,
  directions,
  meanDistance,
  predictionsAndProjections,
  type TargetNetwork,
} from "./representations.js";
import { normalRows } from "./sample-state/normal-rows.js";
import { localState, type SampleState } from "./sample-state/sample-state.js";
import type { StepObjective } from "./types.js";

export interface SelfAdaptiveRepresentationsOptions {
  /** Number of training samples. */
  readonly samples: number;
  /** d, the size of a representation. */
  readonly dimension: number;
  readonly targetNetwork: TargetNetwork;
  /** a, the fraction of a target kept at each visit. */
  readonly targetMomentum?: number;
  /** b, the fraction of the target network kept at each step, by the fraction of training done (0 to 1). */
  readonly encoderMomentum?: (done: number) => number;
  /** Unit vectors drawn from the default random stream, or each sample's first representation. */
  readonly initialTargets?: "random" | "visit";
  /** Where state of samples is kept (default: all in this process). */
  readonly state?: SampleState | undefined;
  /** Element type of the targets: half precision halves their memory. */
  readonly dtype?: DType;
  /** Where they are kept: on the device, or in the host's memory. */
  readonly device?: string;
}

/**
 * Self-adaptive self-supervised training: one view of every sample a step, its target the running average of the
 * target network's projections of that sample's views. Outputs (batch, 2 d): predictions q, then projections.
 *
 * z_i = target(x_i);  t_i <- normalize(a t_i + (1 - a) z_i / |z_i|);  loss = mean_i( 2 - 2 <q_i / |q_i|, t_i> )
 *
 * After the step the target network moves: s <- b s + (1 - b) w. With a = 0 it is BYOL of a single view.
 * @throws RangeError when the momentum is not from 0 to 1.
 * @see Huang et al. 2021, section 5 (arXiv 2101.08732)
 */
export function selfAdaptiveRepresentations(options: SelfAdaptiveRepresentationsOptions): StepObjective {
  const { samples, dimension, targetNetwork, targetMomentum = 0.7, encoderMomentum = () => 0.99 } = options;
  const { initialTargets = "visit", state: keeper = localState, dtype = "float32", device = "cpu" } = options;
  requireFraction("targetMomentum", targetMomentum);
  // A target of zeros becomes the first representation at its first visit, for only its direction is kept.
  const targets = keeper.rows(samples, (block) => {
    if (initialTargets === "visit") return ops.zeros([block.count, dimension], { dtype, device });
    return directions(normalRows({ samples, columns: dimension, block, device })).to(dtype);
  });
  const state = () => new Map([["representations", targets.kept] as const, ...targetNetwork.state()]);

  /** Moves the targets of a batch towards its representations and returns them. */
  function move(index: Indices, z: Tensor): Tensor {
    return noGrad(() => {
      let moved = z;
      targets.update(index, (kept) => {
        const before = kept.to(z.device).to(z.dtype);
        if (targetMomentum !== 0) moved = directions(before.mul(targetMomentum).add(z, { alpha: 1 - targetMomentum }));
        return moved.to(kept.dtype).to(device);
      });
      return moved;
    });
  }

  return {
    name: "sat-ssl",
    views: 1,
    step(forward, { images, index }) {
      const [q] = predictionsAndProjections(forward(images));
      const z = targetNetwork.targets(images);
      return { loss: meanDistance(directions(q), move(index, z)), logits: null };
    },
    afterStep: (done) => targetNetwork.follow(encoderMomentum(done)),
    state,
    load: (from) => copyState(from, state()),
  };
}
