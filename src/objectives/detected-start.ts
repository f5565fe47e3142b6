// Self-adaptive training whose start is detected during training.

import { fullPrecision } from "../torch/full-precision.js";
import { noGrad, ops, scope } from "../torch/index.js";
import type { Indices } from "./indices.js";
import { pinnedSamples } from "./pinned.js";
import { localState, type SampleRows, type SampleState, samplesOf } from "./sample-state/sample-state.js";
import { updateAverages } from "./sample-targets.js";
import type { LossWithTargets } from "./self-adaptive.js";

export interface DetectedStartOptions {
  /** m, the fraction of an average kept at each visit. */
  readonly momentum: number;
  /** The epoch from which targets are trained towards; infinite until it is detected. */
  readonly startEpoch: () => number;
  /** Where the averages are kept (default: all in this process). */
  readonly state?: SampleState | undefined;
  /** Samples whose targets stay at their labels (default: none). */
  readonly pinned?: Indices | undefined;
}

/**
 * Targets that are ready when their start is detected: until then they stay at the labels while the network's predictions
 * are averaged separately; at the start they move halfway from the label to that average.
 *
 * Before, the loss being cross entropy with the labels: a_i <- m a_i + (1 - m) p_i, from zero. At the start, of every
 * sample visited: t_i <- (y_i + a_i / sum_j a_ij) / 2, the sum being 1 - m^v after v visits.
 *
 * The start is detected once the network begins to memorize wrong labels. A target that starts to move only then would follow
 * memorized predictions: moving half of the way takes log 2 / -log m visits.
 * @param objective one with targets that begins at the same epoch
 */
export function withDetectedStart(
  objective: LossWithTargets,
  { momentum, startEpoch, state = localState, pinned }: DetectedStartOptions,
): LossWithTargets {
  const { targets, targetRows } = objective;
  /** Null once the targets have started to move. */
  let averages: SampleRows | null = state.rows(targetRows.samples, () => ops.zerosLike(targets));

  function beginEpoch(epoch: number): void {
    if (averages === null || epoch < startEpoch()) return;
    const { kept, block } = averages;
    noGrad(() =>
      scope(() => {
        const average = kept.div(kept.sum([1], { keepdim: true }));
        const moved = ops.where(kept.any(1, { keepdim: true }), targets.add(average).div(2), targets);
        targets.copy_(pinnedSamples(pinned).hold(samplesOf(block), targets, moved));
      }),
    );
    forget();
  }

  function forget(): void {
    averages?.release();
    averages = null;
  }

  return {
    ...objective,
    beginEpoch,
    loss(logits, batch) {
      beginEpoch(batch.epoch);
      if (averages !== null) {
        const p = noGrad(() => fullPrecision(logits).softmax(1));
        updateAverages(averages, batch.index, p, momentum);
      }
      return objective.loss(logits, batch);
    },
    state: () => new Map([...objective.state(), ...(averages === null ? [] : [["averages", averages.kept] as const])]),
    load(state) {
      objective.load(state);
      const saved = state.get("averages");
      if (saved === undefined) forget();
      else noGrad(() => void averages?.kept.copy_(saved));
    },
  };
}
