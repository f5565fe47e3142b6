// The element type that convolutions and linear layers compute in, apart from the one their weights are kept in.
import type { DType } from "../dtype.js";
import type { Tensor } from "../tensor.js";
import { Setting } from "./setting.js";

const computeType = new Setting<DType | null>("withPrecision", null);

/**
 * Runs `body` with float32 convolutions and linear layers computing in `dtype`; their inputs and weights are cast, so the
 * weights stay float32 and gradients reach them as such. Other layers take what they are given.
 * @throws Error when `body` is async.
 */
export function withPrecision<T>(dtype: DType, body: () => T): T {
  return computeType.during(dtype, body);
}

/** What a layer with these weights computes in. Weights of other types than float32 were chosen on purpose and stay. */
export function computeTypeFor(weight: Tensor): DType {
  const own = weight.dtype;
  return own === "float32" ? (computeType.value ?? own) : own;
}
