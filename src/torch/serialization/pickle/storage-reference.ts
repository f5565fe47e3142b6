// A tensor of a pickle before its bytes are read: its storage, and which elements of it.
import type { StoredType } from "../types.js";

/** A storage by its key in the file, or, where `view` is set, `view.count` of its elements from `view.offset`. */
export class StorageReference {
  readonly key: string;
  readonly dtype: StoredType;
  readonly count: number;
  readonly view: { readonly offset: number; readonly count: number };

  constructor(key: string, dtype: StoredType, count: number, view = { offset: 0, count }) {
    this.key = key;
    this.dtype = dtype;
    this.count = count;
    this.view = view;
  }
}

/** A tensor whose bytes are still to come: element (i_1, ..., i_k) is element offset + sum_j i_j stride_j of its storage. */
export interface PendingTensor {
  readonly tensor: { dtype: StoredType; shape: readonly number[]; bytes: Uint8Array };
  readonly storage: StorageReference;
  readonly offset: number;
  readonly strides: readonly number[];
}
