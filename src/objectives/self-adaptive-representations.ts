// Self-adaptive self-supervised training: targets are averaged representations in place of class probabilities.

import { requireFraction } from "../options/ranges.js";
import { type DType, keep, noGrad, ops, scope, type Tensor } from "../torch/index.js";
import { toIndices } from "./indices.js";
import {
  copyState,
  directions,
  meanDistance,
  predictionsAndProjections,
  type TargetNetwork,
} from "./representations.js";
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
  const { initialTargets = "visit", dtype = "float32", device = "cpu" } = options;
  requireFraction("targetMomentum", targetMomentum);
  // A target of zeros becomes the first representation at its first visit, for only its direction is kept.
  const targets = keep(
    scope(() => {
      if (initialTargets === "visit") return ops.zeros([samples, dimension], { dtype, device });
      return directions(ops.randn([samples, dimension], { device })).to(dtype);
    }),
  );
  const state = () => new Map([["representations", targets] as const, ...targetNetwork.state()]);

  /** Moves the targets of a batch towards its representations and returns them. */
  function move(rows: Tensor, z: Tensor): Tensor {
    return noGrad(() => {
      const before = targets.indexSelect(0, rows).to(z.device).to(z.dtype);
      const moved =
        targetMomentum === 0 ? z : directions(before.mul(targetMomentum).add(z, { alpha: 1 - targetMomentum }));
      targets.indexCopy_(0, rows, moved.to(targets.dtype).to(device));
      return moved;
    });
  }

  return {
    name: "sat-ssl",
    views: 1,
    step(forward, { images, index }) {
      const [q] = predictionsAndProjections(forward(images));
      const z = targetNetwork.targets(images);
      return { loss: meanDistance(directions(q), move(toIndices(index, device), z)), logits: null };
    },
    afterStep: (done) => targetNetwork.follow(encoderMomentum(done)),
    state,
    load: (from) => copyState(from, state()),
  };
}
