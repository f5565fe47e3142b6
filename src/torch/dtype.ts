// Element types, and the typed arrays that hold them in JavaScript.

export type DType =
  | "float32"
  | "float64"
  | "float16"
  | "bfloat16"
  | "int64"
  | "int32"
  | "int16"
  | "int8"
  | "uint8"
  | "bool";

export type TypedArray = Float32Array | Float64Array | BigInt64Array | Int32Array | Int16Array | Int8Array | Uint8Array;

interface TypedArrayConstructor {
  new (buffer: ArrayBuffer): TypedArray;
  readonly BYTES_PER_ELEMENT: number;
  readonly name: string;
}

/** Array types by element type; the half-precision ones have none and are read through float32. */
const arrays: Partial<Record<DType, TypedArrayConstructor>> = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

export function typedArrayOf(dtype: DType): TypedArrayConstructor | undefined {
  return arrays[dtype];
}

/** Bytes an element takes. */
export function itemSizeOf(dtype: DType): number {
  return typedArrayOf(dtype)?.BYTES_PER_ELEMENT ?? 2;
}

/** The element type of a typed array. @throws TypeError for other values. */
export function dtypeOf(array: TypedArray): DType {
  if (array instanceof Uint8Array) return "uint8";
  for (const [dtype, type] of Object.entries(arrays)) {
    if (array.constructor === type) return dtype as DType;
  }
  throw new TypeError(`a ${array.constructor.name} has no element type here; use one of ${knownArrays()}`);
}

function knownArrays(): string {
  return [...new Set(Object.values(arrays).map((type) => type.name))].join(", ");
}
