// The precision of losses.
import type { Tensor } from "./tensor.js";

/** Half-precision values as float32; float32 and float64 ones as they are. */
export function fullPrecision(values: Tensor): Tensor {
  return values.dtype === "float64" ? values : values.to("float32");
}
