// MoCo: a view is contrasted with the momentum encoder's representations of earlier samples.

import { requirePositive } from "../options/ranges.js";
import { type DType, distributed, keep, noGrad, ops, scope, type Tensor, tensor } from "../torch/index.js";
import { copyState, directions, type TargetNetwork, views } from "./representations.js";
import type { StepObjective } from "./types.js";

export interface MocoOptions {
  readonly targetNetwork: TargetNetwork;
  /** d, the size of a representation. */
  readonly dimension: number;
  /** Number of keys of earlier steps to keep. */
  readonly queue?: number;
  readonly temperature?: number;
  /** b, the fraction of the momentum encoder kept at each step, by the fraction of training done (0 to 1). */
  readonly encoderMomentum?: (done: number) => number;
  /** The ranks that train together: the keys of all enter the queue of each (default: this process). */
  readonly group?: distributed.ProcessGroup | undefined;
  readonly dtype?: DType;
  readonly device?: string;
}

/**
 * Momentum contrast, version 2. The network encodes the first view as queries q (batch, d), the momentum encoder the
 * second as keys k; a queue holds K keys k^- of earlier steps; all of unit length, t the temperature.
 *
 * loss = mean_i( -<q_i, k_i> / t + log( exp(<q_i, k_i> / t) + sum_j exp(<q_i, k^-_j> / t) ) )
 *
 * Then the batch's keys replace the oldest ones. Batch norm is not shuffled: that takes more than one device.
 * @throws RangeError unless queue and temperature are over 0.
 * @see He et al. 2020 (arXiv 1911.05722); Chen et al. 2020 (arXiv 2003.04297), whose t = 0.2 and head are the defaults
 */
export function moco(options: MocoOptions): StepObjective {
  const { targetNetwork, dimension, queue: size = 4096, temperature = 0.2, encoderMomentum = () => 0.99 } = options;
  const { dtype = "float32", device = "cpu", group = distributed.soloGroup } = options;
  requirePositive("queue", size);
  requirePositive("temperature", temperature);
  const queue = keep(scope(() => directions(ops.randn([size, dimension], { device })).to(dtype)));
  const position = keep(tensor([0], { dtype: "int64" }));
  const state = () => new Map([["queue", queue] as const, ["position", position] as const, ...targetNetwork.state()]);

  function enqueue(own: Tensor): void {
    const [keys] = distributed.gatherRowsNow(group, [own.to(dtype)]).tensors as [Tensor];
    const newest = keys.narrow(0, 0, Math.min(size, keys.shape[0] as number));
    const count = newest.shape[0] as number;
    const slots = ops.arange(count, { dtype: "int64" }).add(position).remainder(size).to(device);
    queue.indexCopy_(0, slots, newest);
    position.copy_(position.add(count).remainder(size));
  }

  return {
    name: "moco",
    views: 2,
    step(forward, { images }) {
      const [query, key] = views(images);
      const [q, k] = [directions(forward(query)), targetNetwork.targets(key)];
      const positive = q.mul(k).sum([1], { keepdim: true });
      // A copy, because the queue changes before the gradient is computed.
      const negatives = queue.clone().to(q.dtype);
      const logits = ops.cat([positive, q.matmul(negatives.t())], { dim: 1 }).div(temperature);
      noGrad(() => enqueue(k));
      return { loss: logits.logSoftmax(1).narrow(1, 0, 1).mean().neg(), logits: null };
    },
    absent: () => scope(() => noGrad(() => enqueue(ops.zeros([0, dimension], { device })))),
    afterStep: (done) => targetNetwork.follow(encoderMomentum(done)),
    state,
    load: (from) => copyState(from, state()),
  };
}
