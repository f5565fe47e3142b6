// PyTorch's storage classes and their element types.
import type { StoredType } from "../types.js";

/** The storage class of each type, without its module `torch`. */
export const STORAGE_CLASSES = {
  float64: "DoubleStorage",
  float32: "FloatStorage",
  float16: "HalfStorage",
  bfloat16: "BFloat16Storage",
  int64: "LongStorage",
  int32: "IntStorage",
  int16: "ShortStorage",
  int8: "CharStorage",
  uint8: "ByteStorage",
  bool: "BoolStorage",
} as const satisfies Record<StoredType, string>;

/** The type of the elements of each storage class, by its full name; old files name the CUDA classes apart. */
export const STORAGE_TYPES: ReadonlyMap<string, StoredType> = new Map(
  Object.entries(STORAGE_CLASSES).flatMap(([type, storage]) => [
    [`torch.${storage}`, type as StoredType] as const,
    [`torch.cuda.${storage}`, type as StoredType] as const,
  ]),
);
