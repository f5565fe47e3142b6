// Converts labels and indices to the int64 tensors that libtorch indexes by.
import { Tensor, type TypedArray, tensor } from "../torch/index.js";

/** Whole numbers for a batch: a tensor, a typed array or a plain one. */
export type Indices = Tensor | TypedArray | readonly number[];

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

/** How many there are. */
export const countOf = (values: Indices): number => (values instanceof Tensor ? values.size : values.length);

/** Labels or sample indices as plain numbers. */
export const numbersOf = (values: Indices): number[] =>
  values instanceof Tensor ? Array.from(values.data(), Number) : Array.from(values, Number);
