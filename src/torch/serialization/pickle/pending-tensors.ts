// Tensors as a pickle describes them: a view of a storage, whose bytes are read afterwards and made contiguous here.

import { quoted } from "../quoted.js";
import { gatherElements, isContiguous } from "../strided.js";
import { elementCount, ITEM_SIZES, type StoredTensor } from "../types.js";
import { type PickleContext, PickleGlobal } from "./context.js";
import { type PendingTensor, StorageReference } from "./storage-reference.js";
import { STORAGE_TYPES } from "./storage-types.js";

const HIGHEST_RANK = 64;

/** The storage that a persistent id `("storage", class, key, location, count[, view])` names. @throws InputError for any other id. */
export function storageReference(id: unknown, { refuse }: PickleContext): StorageReference {
  const [kind, storageClass, key, , count, view] = Array.isArray(id) ? id : [];
  const dtype = storageClass instanceof PickleGlobal ? STORAGE_TYPES.get(storageClass.path) : undefined;
  if (kind === "module")
    throw refuse("holds an entire pickled model; expected a state dictionary (save model.state_dict())");
  if (kind !== "storage" || dtype === undefined || typeof key !== "string" || !isSize(count)) {
    throw refuse("damaged pickle: refers to a storage in an unknown form");
  }
  if (view === undefined || view === null) return new StorageReference(key, dtype, count);
  const [, viewOffset, viewCount] = Array.isArray(view) ? view : [];
  if (!isSize(viewOffset) || !isSize(viewCount))
    throw refuse(`damaged pickle: storage ${quoted(key)} has a view of unknown form`);
  return new StorageReference(key, dtype, count, { offset: viewOffset, count: viewCount });
}

/** `_rebuild_tensor_v2(storage, offset, shape, strides, ...)`: a tensor that `fillTensors` will complete. */
export function rebuildTensor(args: readonly unknown[], { pendingTensors, refuse }: PickleContext): StoredTensor {
  const [storage, offset, shape, strides] = args;
  const wellFormed = storage instanceof StorageReference && isSize(offset) && isSizes(shape) && isSizes(strides);
  if (!wellFormed || shape.length !== strides.length) {
    throw refuse("damaged pickle: a tensor whose storage, offset, shape or strides have an unknown form");
  }
  const tensor = { dtype: storage.dtype, shape: [...shape], bytes: new Uint8Array(0) };
  pendingTensors.push({ tensor, storage, offset, strides });
  return tensor;
}

/**
 * Fills every pending tensor: a view of its storage where it is contiguous, else a copy.
 *
 * @throws InputError where a storage is missing or has another size than stated, or a tensor reaches beyond it.
 */
export function fillTensors(context: PickleContext, storages: ReadonlyMap<string, Uint8Array>): void {
  for (const pending of context.pendingTensors) pending.tensor.bytes = elements(pending, storages, context);
}

function elements(
  pending: PendingTensor,
  storages: ReadonlyMap<string, Uint8Array>,
  context: PickleContext,
): Uint8Array {
  const { tensor, storage, offset, strides } = pending;
  const bytes = storageBytes(storage, storages, context);
  const itemSize = ITEM_SIZES[tensor.dtype];
  const count = elementCount(tensor.shape);
  if (count === 0) return bytes.subarray(0, 0);
  const last = tensor.shape.reduce((index, size, axis) => index + (size - 1) * strides[axis]!, offset);
  if (!((last + 1) * itemSize <= bytes.length)) {
    const reach = `a tensor of shape [${tensor.shape.join(", ")}] at offset ${offset} reaches element ${last}`;
    throw context.refuse(`${reach} of storage ${quoted(storage.key)}, which has ${bytes.length / itemSize}`);
  }
  if (isContiguous(tensor.shape, strides)) return bytes.subarray(offset * itemSize, (offset + count) * itemSize);
  context.spend(count * itemSize);
  return gatherElements(bytes, tensor.shape, strides, offset, itemSize);
}

function storageBytes(
  storage: StorageReference,
  storages: ReadonlyMap<string, Uint8Array>,
  { refuse }: PickleContext,
): Uint8Array {
  const { key, count, view } = storage;
  const itemSize = ITEM_SIZES[storage.dtype];
  const bytes = storages.get(key);
  if (bytes === undefined) throw refuse(`storage ${quoted(key)} is missing`);
  if (bytes.length !== count * itemSize) {
    throw refuse(
      `storage ${quoted(key)} has ${bytes.length} bytes; expected ${count * itemSize} (${count} of ${storage.dtype})`,
    );
  }
  if (view.offset + view.count > count)
    throw refuse(`a view of storage ${quoted(key)} reaches beyond its ${count} elements`);
  return bytes.subarray(view.offset * itemSize, (view.offset + view.count) * itemSize);
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length <= HIGHEST_RANK && value.every(isSize);
}
