// A loss that relates the samples of a batch to each other, over the batch of all ranks.

import { extended } from "../../objectives/extended.js";
import { type LossObjective, toIndices } from "../../objectives/index.js";
import { fullPrecision } from "../../torch/full-precision.js";
import { distributed, noGrad, ops, scope, type Tensor } from "../../torch/index.js";

/**
 * The objective with the outputs of all ranks in the place of one rank's: every rank computes the full loss L, and its gradient
 * with respect to its own outputs. The loop counts a rank's loss by its fraction n / N of the samples, so that losses add up to
 * L; the gradients must not be averaged, and are N / n of dL.
 */
export function acrossRanks(objective: LossObjective, group: distributed.ProcessGroup): LossObjective {
  const { views = 1 } = objective;
  return extended(objective, {
    absent() {
      scope(
        () =>
          void distributed.gatherRowsNow(
            group,
            Array.from({ length: views + 1 }, () => ops.zeros([0, 0])),
          ),
      );
    },
    loss(outputs, batch) {
      const full = fullPrecision(outputs);
      const rows = (full.shape[0] as number) / views;
      const byView = Array.from({ length: views }, (_, view) => full.narrow(0, view * rows, rows));
      const numbers = [batch.labels, batch.index].map((given) => toIndices(given, full.device));
      const { tensors, total, own } = distributed.gatherRowsNow(group, [...byView, ops.stack(numbers, { dim: 1 })]);
      const [labels, index] = (tensors.at(-1) as Tensor).unbind({ dim: 1 }) as [Tensor, Tensor];
      return steeper(objective.loss(ops.cat(tensors.slice(0, views)), { ...batch, labels, index }), total / own);
    },
  });
}

/** The same value, with a gradient so many times as large. */
function steeper(loss: Tensor, factor: number): Tensor {
  const value = noGrad(() => loss.detach());
  return value.add(loss.sub(value).mul(factor));
}
