// Tensors from JavaScript arrays, and from bytes.
import { type DType, dtypeOf, type TypedArray, typedArrayOf } from "./dtype.js";
import { native } from "./native.js";
import { type Device, type NestedArray, Tensor } from "./tensor.js";

export interface TensorOptions {
  readonly shape?: readonly number[];
  readonly dtype?: DType;
  readonly device?: Device;
  readonly requiresGrad?: boolean;
}

/** The sizes of nested arrays. @throws TypeError when rows differ in length. */
function shapeOf(data: NestedArray): number[] {
  if (!Array.isArray(data)) return [];
  const inner = data.map(shapeOf);
  const first = inner[0] ?? [];
  if (inner.some((shape) => shape.join() !== first.join())) {
    throw new TypeError("nested arrays need rows of equal length to become a tensor");
  }
  return [data.length, ...first];
}

function flatten(data: NestedArray): (number | boolean)[] {
  return Array.isArray(data) ? data.flatMap(flatten) : [data];
}

function isElement(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}

function integersFrom(values: readonly number[], dtype: DType): TypedArray {
  const unfit = values.find((value) => !Number.isSafeInteger(value));
  if (unfit !== undefined) throw new TypeError(`${dtype} tensors hold whole numbers, received ${unfit}`);
  if (dtype === "int64") return BigInt64Array.from(values, (value) => BigInt(value));
  const typed = (typedArrayOf(dtype) as unknown as Int32ArrayConstructor).from(values);
  const beyond = values.find((value, i) => value !== typed[i]);
  if (beyond !== undefined) throw new TypeError(`${beyond} is beyond what ${dtype} tensors hold`);
  return typed;
}

function typedFrom(values: readonly (number | boolean)[], dtype: DType): TypedArray {
  const strange = values.findIndex((value) => !isElement(value));
  if (strange >= 0) throw new TypeError(`a tensor holds numbers or booleans, received ${typeof values[strange]}`);
  if (dtype === "bool") return Uint8Array.from(values, (value) => Number(Boolean(value)));
  if (/int/.test(dtype)) return integersFrom(values.map(Number), dtype);
  const ArrayType: Float64ArrayConstructor | Float32ArrayConstructor =
    dtype === "float64" ? Float64Array : Float32Array;
  return new ArrayType(values.map(Number));
}

/** A tensor of row-major little-endian bytes, copied. @throws Error when their number does not fit shape and dtype. */
export function fromBytes(bytes: Uint8Array, dtype: DType, shape: readonly number[], device: Device = "cpu"): Tensor {
  return new Tensor(native.import(bytes, dtype, shape, device));
}

function fromTyped(array: TypedArray, shape: readonly number[], device: Device): Tensor {
  const needed = shape.reduce((product, size) => product * size, 1);
  if (needed !== array.length) {
    throw new TypeError(`the shape [${shape.join(", ")}] takes ${needed} elements, received ${array.length}`);
  }
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  return fromBytes(bytes, dtypeOf(array), shape, device);
}

function isTyped(data: unknown): data is TypedArray {
  return ArrayBuffer.isView(data) && !(data instanceof DataView);
}

/**
 * A tensor with the given elements: a number, nested arrays of them (default: float32; booleans become bool), or a
 * typed array, whose element type it takes. The elements are copied once.
 *
 * @example tensor([[1, 2], [3, 4]])
 * Of another `dtype` than its own, the values of a typed array are converted as `to` does: fractions are cut off.
 * @throws TypeError for ragged arrays, for other values, for numbers in arrays that the element type cannot represent, and for a `shape`
 * of another number of elements.
 */
export function tensor(data: NestedArray | TypedArray, options: TensorOptions = {}): Tensor {
  const { device = "cpu", requiresGrad = false } = options;
  const nested = isTyped(data) ? null : data;
  const flat = nested === null ? null : flatten(nested);
  const inferred = flat !== null && flat.length > 0 && flat.every((value) => typeof value === "boolean");
  const typed =
    flat === null ? (data as TypedArray) : typedFrom(flat, options.dtype ?? (inferred ? "bool" : "float32"));
  const shape = options.shape ?? (nested === null ? [typed.length] : shapeOf(nested));
  const plain = fromTyped(typed, shape, device);
  const dtype = options.dtype ?? (inferred ? "bool" : plain.dtype);
  const result = plain.to(dtype);
  if (result !== plain) plain.release();
  if (requiresGrad) result.requiresGrad = true;
  return result;
}
