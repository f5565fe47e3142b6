// Stored tensors: plain bytes with a type and a shape, independent of the engine.

/** The bytes of an element of each stored type. */
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

/** A stored tensor: contiguous, row-major, little-endian. `bytes` may be a view that starts at any address. */
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

/** Whether a value in a checkpoint is a tensor (dictionaries are Maps and lists are arrays, so no other value looks like one). */
export function isStoredTensor(value: unknown): value is StoredTensor {
  if (typeof value !== "object" || value === null) return false;
  const { dtype, shape, bytes } = value as Partial<StoredTensor>;
  return typeof dtype === "string" && dtype in ITEM_SIZES && Array.isArray(shape) && bytes instanceof Uint8Array;
}
