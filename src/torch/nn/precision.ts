// The element type that convolutions and linear layers compute in, independent of that of their weights.
import type { DType } from "../dtype.js";
import type { Tensor } from "../tensor.js";
import { Setting } from "./setting.js";

const computeType = new Setting<DType | null>("withPrecision", null);

/**
 * Runs `body` with float32 convolutions and linear layers computing in `dtype`; their inputs and weights are cast, so the
 * weights and their gradients stay float32. Other layers compute in the type of their input.
 * @throws Error when `body` is async.
 */
export function withPrecision<T>(dtype: DType, body: () => T): T {
  return computeType.during(dtype, body);
}

/** The type that a layer with these weights computes in: weights other than float32 were chosen on purpose and stay. */
export function computeTypeFor(weight: Tensor): DType {
  const { dtype } = weight;
  return dtype === "float32" ? (computeType.value ?? dtype) : dtype;
}
