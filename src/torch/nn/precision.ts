// The element type that convolutions and linear layers compute in, apart from the one their weights are kept in.
import type { DType } from "../dtype.js";
import { refuseAsync } from "../lifetime.js";
import type { Tensor } from "../tensor.js";

let computeType: DType | null = null;

/**
 * Runs `body` with float32 convolutions and linear layers computing in `dtype`; their inputs and weights are cast, so the
 * weights stay float32 and gradients reach them as such. Other layers take what they are given.
 * @throws Error when `body` is async.
 */
export function withPrecision<T>(dtype: DType, body: () => T): T {
  const before = computeType;
  computeType = dtype;
  try {
    const result = body();
    refuseAsync("withPrecision", result);
    return result;
  } finally {
    computeType = before;
  }
}

/** What a layer with these weights computes in. Weights of other types than float32 were chosen on purpose and stay. */
export function computeTypeFor(weight: Tensor): DType {
  const own = weight.dtype;
  return computeType !== null && own === "float32" ? computeType : own;
}
