// Running averages with a row for every sample, as several methods keep them.
import { type DType, noGrad, ops, type Tensor } from "../torch/index.js";

/** One-hot rows, (n, classes), written in place: no temporary copy is allocated. */
export function oneHotRows(labels: Tensor, classes: number, dtype: DType): Tensor {
  const rows = ops.zeros([labels.size, classes], { dtype, device: labels.device });
  return rows.scatter_(1, labels.unsqueeze(1), 1);
}

/**
 * a_i <- m a_i + (1 - m) v_i for the rows i of `averages` (n, classes) that a batch visits; returns those rows as they are
 * then, (batch, classes), of the averages' element type. No gradient flows.
 */
export function updateAverages(averages: Tensor, rows: Tensor, values: Tensor, momentum: number): Tensor {
  return noGrad(() => {
    const updated = averages
      .indexSelect(0, rows)
      .mul_(momentum)
      .add_(values.to(averages.dtype), { alpha: 1 - momentum });
    averages.indexCopy_(0, rows, updated);
    return updated;
  });
}
