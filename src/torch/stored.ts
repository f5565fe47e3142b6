// Tensors to and from the plain bytes of weights files.
import { fromBytes } from "./create.js";
import type { DType } from "./dtype.js";
import { ITEM_SIZES, type StoredDict, type StoredTensor, type StoredType } from "./serialization/index.js";
import type { Tensor } from "./tensor.js";

function isStoredType(dtype: DType): dtype is StoredType {
  return dtype in ITEM_SIZES;
}

/** A copy of the tensor's elements as bytes. @throws TypeError for complex tensors, which weights files do not store. */
export function toStoredTensor(tensor: Tensor): StoredTensor {
  const { dtype, shape } = tensor;
  if (!isStoredType(dtype)) throw new TypeError(`weights files do not store ${dtype} tensors`);
  return { dtype, shape, bytes: tensor.bytes() };
}

/** Copies of all tensors of a state dictionary, by their names. */
export function toStored(tensors: ReadonlyMap<string, Tensor>): StoredDict {
  return new Map([...tensors].map(([name, tensor]) => [name, toStoredTensor(tensor)]));
}

/** A tensor with a copy of the stored elements. */
export function fromStoredTensor({ dtype, shape, bytes }: StoredTensor): Tensor {
  return fromBytes(bytes, dtype, shape);
}

/** Tensors with copies of the stored elements, by their names. */
export function fromStored(stored: StoredDict): Map<string, Tensor> {
  return new Map([...stored].map(([name, value]) => [name, fromStoredTensor(value)]));
}
