// What every weights file is read into and written from: plain bytes with a type and a shape, free of any engine.

/** The bytes of one element of each type that weights are stored in. */
export const ITEM_SIZES = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
} as const;

export type StoredType = keyof typeof ITEM_SIZES;

/** A tensor at rest: contiguous, row-major, little-endian. `bytes` may be a view that starts at any address. */
export interface StoredTensor {
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Tensors by name, in the order of the file. */
export type StoredDict = Map<string, StoredTensor>;

/** prod_k shape_k, which is 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}

/** Whether a value found in a checkpoint is a tensor (dictionaries are Maps and lists are arrays, so nothing else looks like one). */
export function isStoredTensor(value: unknown): value is StoredTensor {
  if (typeof value !== "object" || value === null) return false;
  const { dtype, shape, bytes } = value as Partial<StoredTensor>;
  return typeof dtype === "string" && dtype in ITEM_SIZES && Array.isArray(shape) && bytes instanceof Uint8Array;
}
