// SimCLR: contrasts the two views of a sample with all other samples of the batch.

import { requirePositive } from "../options/ranges.js";
import { ops } from "../torch/index.js";
import { directions } from "./representations.js";
import type { LossObjective } from "./types.js";

/**
 * The normalized temperature-scaled cross entropy. Outputs (2 batch, d) of both views: projections z, s_ij = <z_i, z_j> / (|z_i| |z_j| t).
 *
 * loss = mean over all 2 batch rows of( -s_i,i' + log sum_{j != i} exp s_ij ),  i' the other view of the sample of i
 *
 * @throws RangeError unless the temperature is over 0.
 * @see Chen et al. 2020, equation 1 (arXiv 2002.05709), whose t = 0.5 for CIFAR-10 is the default
 */
export function simClr({ temperature = 0.5 }: { readonly temperature?: number } = {}): LossObjective {
  requirePositive("temperature", temperature);
  return {
    name: "simclr",
    views: 2,
    relatesSamples: true,
    loss(outputs) {
      const z = directions(outputs);
      const [rows = 0] = z.shape;
      const itself = ops.eye(rows, { device: z.device, dtype: "bool" });
      const similarity = z.matmul(z.t()).div(temperature).maskedFill(itself, Number.NEGATIVE_INFINITY);
      const other = ops
        .arange(rows, { dtype: "int64", device: z.device })
        .add(rows / 2)
        .remainder(rows);
      return ops.nllLoss(similarity.logSoftmax(1), other);
    },
    state: () => new Map(),
    load: () => {},
  };
}
