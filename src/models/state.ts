// State dictionaries at rest: tensors as weights files hold them.
import { dtypeOf } from "../torch/dtype.js";
import { fromBytes, type nn, type Tensor } from "../torch/index.js";
import type { StoredDict, StoredTensor, StoredType } from "../torch/serialization/index.js";

function toStored(tensor: Tensor): StoredTensor {
  const data = tensor.data();
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { dtype: tensor.dtype === "bool" ? "bool" : (dtypeOf(data) as StoredType), shape: tensor.shape, bytes };
}

/** Copies of tensors as files hold them, in their order; half-precision ones as float32. */
export function tensorsToStored(tensors: ReadonlyMap<string, Tensor>): StoredDict {
  return new Map([...tensors].map(([name, tensor]) => [name, toStored(tensor)]));
}

/** Tensors of what a file held; they belong to the scope around. */
export function storedToTensors(stored: StoredDict): nn.StateDict {
  return new Map([...stored].map(([name, { bytes, dtype, shape }]) => [name, fromBytes(bytes, dtype, shape)]));
}

/** A copy of a model's parameters and buffers as files hold them, in PyTorch's order. */
export function stateToStored(model: nn.Module): StoredDict {
  return tensorsToStored(model.stateDict());
}
