// MoCo: each view is to be told from what a slow network made of the samples of the steps before.
import { type DType, keep, noGrad, ops, scope, type Tensor, tensor } from "../torch/index.js";
import { requirePositive } from "./ranges.js";
import { copyState, directions, type SlowNetwork, views } from "./representations.js";
import type { StepObjective } from "./types.js";

export interface MocoOptions {
  readonly slow: SlowNetwork;
  /** d, the numbers of a representation. */
  readonly dimension: number;
  /** How many keys of earlier steps are kept. */
  readonly queue?: number;
  readonly temperature?: number;
  /** b, the share of the slow network that a step leaves in place, by how much of training is done (0 to 1). */
  readonly slowMomentum?: (done: number) => number;
  readonly dtype?: DType;
  readonly device?: string;
}

/**
 * Momentum contrast, version 2. The online network sees the first view and puts out queries q (batch, d); the slow one makes
 * keys k of the second; K keys k^- of the steps before wait in a queue; all divided by their length, t the temperature.
 *
 * loss = mean_i( -<q_i, k_i> / t + log( exp(<q_i, k_i> / t) + sum_j exp(<q_i, k^-_j> / t) ) )
 *
 * Then the batch's keys take the place of the oldest ones. Batch norm is not shuffled: with one device there is nothing to
 * shuffle between.
 * @throws RangeError unless queue and temperature are over 0.
 * @see He et al. 2020 (arXiv 1911.05722); Chen et al. 2020 (arXiv 2003.04297), whose t = 0.2 and head are the defaults
 */
export function moco(options: MocoOptions): StepObjective {
  const { slow, dimension, queue: size = 4096, temperature = 0.2, slowMomentum = () => 0.99 } = options;
  const { dtype = "float32", device = "cpu" } = options;
  requirePositive("queue", size);
  requirePositive("temperature", temperature);
  const queue = keep(scope(() => directions(ops.randn([size, dimension], { device })).to(dtype)));
  const position = keep(tensor([0], { dtype: "int64" }));
  const state = () => new Map([["queue", queue] as const, ["position", position] as const, ...slow.state()]);

  function enqueue(keys: Tensor): void {
    const newest = keys.narrow(0, 0, Math.min(size, keys.shape[0] as number));
    const count = newest.shape[0] as number;
    const places = ops.arange(count, { dtype: "int64" }).add(position).remainder(size).to(device);
    queue.indexCopy_(0, places, newest.to(dtype));
    position.copy_(position.add(count).remainder(size));
  }

  return {
    name: "moco",
    views: 2,
    step(forward, { images }) {
      const [query, key] = views(images);
      const [q, k] = [directions(forward(query)), slow.targets(key)];
      const own = q.mul(k).sum([1], { keepdim: true });
      // A copy, because the queue changes before the gradient is computed.
      const negatives = queue.clone().to(q.dtype);
      const logits = ops.cat([own, q.matmul(negatives.t())], { dim: 1 }).div(temperature);
      noGrad(() => enqueue(k));
      return { loss: logits.logSoftmax(1).narrow(1, 0, 1).mean().neg(), logits: null };
    },
    afterStep: (done) => slow.follow(slowMomentum(done)),
    state,
    load: (from) => copyState(from, state()),
  };
}
