// Self-adaptive training whose start is found out while it trains.
import { noGrad, ops, scope, type Tensor, tensor } from "../torch/index.js";
import { updateAverages } from "./averages.js";
import { fullPrecision } from "./cross-entropy.js";
import { toIndices } from "./indices.js";
import type { Indices, Objective } from "./types.js";

export interface FoundStartOptions {
  /** The given label of every training sample, in data set order. */
  readonly labels: Indices;
  /** The share of a target that a visit leaves in place. */
  readonly momentum: number;
  /** The epoch from which targets are trained towards; infinite while it is not known. */
  readonly startEpoch: () => number;
}

/**
 * Targets that are ready when their start is found: until then they follow the network's predictions unused, and at the start
 * they stand halfway between the label and the average prediction of the epochs before.
 *
 * Before: t_i <- m t_i + (1 - m) p_i, the loss being cross entropy with the labels. At the start s, of every sample visited:
 * a_i = (t_i - m^s y_i) / (1 - m^s), t_i <- (y_i + a_i) / 2.
 *
 * A start is found when wrong labels are already being learnt, and a target that began at its label then would follow that: it
 * takes log 2 / -log m visits to go half of the way.
 * @param objective one with targets that begins at the same epoch
 */
export function withFoundStart(
  objective: Objective & { readonly targets: Tensor },
  { labels, momentum, startEpoch }: FoundStartOptions,
): Objective & { readonly targets: Tensor } {
  const { targets } = objective;
  let begun = false;

  function begin(): void {
    const [samples = 0, classes = 0] = targets.shape;
    const given = ops.oneHot(toIndices(labels, targets.device), { numClasses: classes }).to(targets.dtype);
    const left = momentum ** startEpoch();
    const average = targets.sub(given, { alpha: left }).div(1 - left);
    const visited = targets.ne(given).any(1).reshape([samples, 1]);
    targets.copy_(ops.where(visited, average.add(given).div(2), targets));
    begun = true;
  }

  return {
    ...objective,
    loss(logits, batch) {
      const start = startEpoch();
      if (batch.epoch < start) {
        const p = noGrad(() => fullPrecision(logits).softmax(1));
        updateAverages(targets, toIndices(batch.index, targets.device), p, momentum);
      } else if (start > 0 && !begun) noGrad(() => scope(begin));
      return objective.loss(logits, batch);
    },
    state: () => new Map([...objective.state(), ["begun", tensor(Number(begun))]]),
    load(state) {
      objective.load(state);
      begun = state.get("begun")?.item() === 1;
    },
  };
}
