// Self-adaptive training whose start is found out while it trains.
import { keep, noGrad, ops, scope, type Tensor } from "../torch/index.js";
import { updateAverages } from "./averages.js";
import { fullPrecision } from "./cross-entropy.js";
import { toIndices } from "./indices.js";
import type { LossObjective } from "./types.js";

export interface FoundStartOptions {
  /** The share of a target that a visit leaves in place. */
  readonly momentum: number;
  /** The epoch from which targets are trained towards; infinite while it is not known. */
  readonly startEpoch: () => number;
}

/**
 * Targets that are ready when their start is found: until then they rest at the labels while the network's predictions are
 * averaged beside them, and at the start they stand halfway between the label and that average.
 *
 * Before, the loss being cross entropy with the labels: a_i <- m a_i + (1 - m) p_i, from zero. At the start s, of every
 * sample visited: t_i <- (y_i + a_i / (1 - m^s)) / 2.
 *
 * A start is found when wrong labels are already being learnt, and a target that began at its label then would follow that: it
 * takes log 2 / -log m visits to go half of the way.
 * @param objective one with targets that begins at the same epoch
 */
export function withFoundStart(
  objective: LossObjective & { readonly targets: Tensor },
  { momentum, startEpoch }: FoundStartOptions,
): LossObjective & { readonly targets: Tensor } {
  const { targets } = objective;
  /** Null once the targets have begun. */
  let averages: Tensor | null = keep(ops.zerosLike(targets));

  function begin(predicted: Tensor): void {
    const visited = predicted.any(1, { keepdim: true });
    const average = predicted.div(1 - momentum ** startEpoch());
    targets.copy_(ops.where(visited, targets.add(average).div(2), targets));
    predicted.release();
    averages = null;
  }

  return {
    ...objective,
    loss(logits, batch) {
      const start = startEpoch();
      if (averages !== null && batch.epoch < start) {
        const p = noGrad(() => fullPrecision(logits).softmax(1));
        updateAverages(averages, toIndices(batch.index, targets.device), p, momentum);
      } else if (averages !== null) {
        const predicted = averages;
        noGrad(() => scope(() => begin(predicted)));
      }
      return objective.loss(logits, batch);
    },
    state: () => new Map([...objective.state(), ...(averages === null ? [] : [["averages", averages] as const])]),
    load(state) {
      objective.load(state);
      const saved = state.get("averages");
      if (saved === undefined) {
        averages?.release();
        averages = null;
      } else noGrad(() => void averages?.copy_(saved));
    },
  };
}
