// Strided views of bytes, as PyTorch stores transposed, sliced and expanded tensors.
import { elementCount } from "./types.js";

/** Whether elements of this shape and these strides are contiguous, row-major. */
export function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

/** The elements `offset + sum_j i_j stride_j` of `source`, copied row-major; strides and offset count elements of `itemSize` bytes. */
export function gatherElements(
  source: Uint8Array,
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
  itemSize: number,
): Uint8Array {
  const result = new Uint8Array(elementCount(shape) * itemSize);
  const index = shape.map(() => 0);
  let from = offset;
  for (let to = 0; to < result.length; to += itemSize) {
    for (let byte = 0; byte < itemSize; byte++) result[to + byte] = source[from * itemSize + byte]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}
