// Self-adaptive training whose start is detected during training.

import { fullPrecision } from "../torch/full-precision.js";
import { keep, noGrad, ops, scope, type Tensor } from "../torch/index.js";
import { pinnedSamples } from "./pinned.js";
import { updateAverages } from "./sample-targets.js";
import type { Indices, LossObjective } from "./types.js";

const every = (rows: Tensor) => Int32Array.from({ length: rows.shape[0]! }, (_, i) => i);

export interface DetectedStartOptions {
  /** m, the fraction of an average kept at each visit. */
  readonly momentum: number;
  /** The epoch from which targets are trained towards; infinite until it is detected. */
  readonly startEpoch: () => number;
  /** Samples whose targets stay at their labels (default: none). */
  readonly pinned?: Indices | undefined;
}

/**
 * Targets that are ready when their start is detected: until then they stay at the labels while the network's predictions
 * are averaged separately; at the start they move halfway from the label to that average.
 *
 * Before, the loss being cross entropy with the labels: a_i <- m a_i + (1 - m) p_i, from zero. At the start s, of every
 * sample visited: t_i <- (y_i + a_i / (1 - m^s)) / 2.
 *
 * The start is detected once the network begins to memorize wrong labels. A target that starts to move only then would follow
 * memorized predictions: moving half of the way takes log 2 / -log m visits.
 * @param objective one with targets that begins at the same epoch
 */
export function withDetectedStart(
  objective: LossObjective & { readonly targets: Tensor },
  { momentum, startEpoch, pinned }: DetectedStartOptions,
): LossObjective & { readonly targets: Tensor } {
  const { targets } = objective;
  /** Null once the targets have started to move. */
  let averages: Tensor | null = keep(ops.zerosLike(targets));

  function begin(predicted: Tensor): void {
    const visited = predicted.any(1, { keepdim: true });
    const average = predicted.div(1 - momentum ** startEpoch());
    const moved = ops.where(visited, targets.add(average).div(2), targets);
    targets.copy_(pinnedSamples(pinned).hold(every(targets), targets, moved));
    predicted.release();
    averages = null;
  }

  return {
    ...objective,
    loss(logits, batch) {
      const start = startEpoch();
      if (averages !== null && batch.epoch < start) {
        const p = noGrad(() => fullPrecision(logits).softmax(1));
        updateAverages(averages, batch.index, p, momentum);
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
