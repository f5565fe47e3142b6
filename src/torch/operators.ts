// Adds the generated operators to the tensor class, as methods of their first argument.
import { operator } from "./dispatch.js";
import type { DType } from "./dtype.js";
import { methods, type TensorMethods } from "./generated/operators.js";
import { type Device, Tensor } from "./tensor.js";

declare module "./tensor.js" {
  interface Tensor extends TensorMethods {
    /** This tensor with another element type or on another device; the same tensor where nothing changes. */
    to(target: DType | Device): Tensor;
  }
}

const toDtype = operator("aten::to", { dtype: 2 }) as (self: Tensor, dtype: DType) => Tensor;
const toDevice = operator("aten::to", { device: 3 }) as (self: Tensor, device: Device, dtype: DType) => Tensor;

const dtypes = /^(float|bfloat|int|uint)\d+$|^bool$/;

for (const [name, method] of Object.entries(methods) as [string, (self: Tensor, ...values: unknown[]) => unknown][]) {
  Object.defineProperty(Tensor.prototype, name, {
    value(this: Tensor, ...values: unknown[]) {
      return method(this, ...values);
    },
    writable: true,
    configurable: true,
  });
}

Object.defineProperty(Tensor.prototype, "to", {
  value(this: Tensor, target: string) {
    if (target === this.dtype || target === this.device) return this;
    return dtypes.test(target) ? toDtype(this, target as DType) : toDevice(this, target, this.dtype);
  },
});

export * as ops from "./generated/operators.js";
