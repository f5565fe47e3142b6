// Converts labels and indices to the int64 tensors that libtorch indexes by.
import { Tensor, tensor } from "../torch/index.js";
import type { Indices } from "./types.js";

/**
 * Labels or sample indices of a batch as an int64 tensor (n) on `device`.
 *
 * const given = toIndices(batch.labels, logits.device);
 * const logP = logits.logSoftmax(1).gather(1, given.unsqueeze(1));
 */
export function toIndices(values: Indices, device: string): Tensor {
  const given =
    values instanceof Tensor
      ? values
      : tensor(Array.isArray(values) ? values : (values as Int32Array), { dtype: "int64" });
  return given.to("int64").to(device);
}
