// Numbers as the constants of a model file.
import type { StoredTensor } from "../torch/serialization/index.js";

const bytesOf = ({ buffer }: { readonly buffer: ArrayBufferLike }) => new Uint8Array(buffer);

export function float32(values: readonly number[], shape: readonly number[]): StoredTensor {
  return { dtype: "float32", shape, bytes: bytesOf(Float32Array.from(values)) };
}

export function float64(value: number): StoredTensor {
  return { dtype: "float64", shape: [], bytes: bytesOf(Float64Array.of(value)) };
}

export function int64(values: readonly number[]): StoredTensor {
  return { dtype: "int64", shape: [values.length], bytes: bytesOf(BigInt64Array.from(values, BigInt)) };
}
