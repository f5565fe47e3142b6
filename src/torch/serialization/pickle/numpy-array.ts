// NumPy arrays in a pickle, such as CIFAR's pixels: a shape, an element type and the bytes.
import type { PickleContext } from "./context.js";
import { NumpyDtype } from "./numpy-scalar.js";

/** An array in row-major order, its elements as they are stored. */
export class PickledArray {
  /** Such as `u1`, `i8`, `f4`. */
  dtype = "";
  littleEndian = true;
  shape: readonly number[] = [];
  bytes: Uint8Array = new Uint8Array();
}

/** `numpy.core.multiarray._reconstruct(ndarray, ...)`: an array whose state `(version, shape, dtype, is Fortran, bytes)` follows. */
export function reconstructArray(_args: readonly unknown[], context: PickleContext): PickledArray {
  const array = new PickledArray();
  context.stateSetters.set(array, (state) => {
    const [, shape, dtype, isFortran, content] = Array.isArray(state) ? state : [];
    fill(array, { shape, dtype, content, order: isFortran ? "F" : "C" }, context);
  });
  return array;
}

/** `numpy.core.numeric._frombuffer(buffer, dtype, shape, order)`, which protocol 5 writes. */
export function arrayFromBuffer(args: readonly unknown[], context: PickleContext): PickledArray {
  const [content, dtype, shape, order] = args;
  const array = new PickledArray();
  fill(array, { shape, dtype, content, order }, context);
  return array;
}

interface ArrayState {
  readonly shape: unknown;
  readonly dtype: unknown;
  readonly content: unknown;
  readonly order: unknown;
}

function fill(array: PickledArray, { shape, dtype, content, order }: ArrayState, { refuse, spend }: PickleContext) {
  if (!isShape(shape) || !(dtype instanceof NumpyDtype)) throw refuse("damaged pickle: a NumPy array of unknown form");
  const count = shape.reduce((product, side) => product * side, 1);
  if (order !== "C" && shape.length > 1) {
    throw refuse("a NumPy array in Fortran order; expected one in row-major order (numpy.ascontiguousarray)");
  }
  // Python 2 writes bytes as text.
  if (typeof content === "string") spend(content.length);
  const bytes = typeof content === "string" ? Buffer.from(content, "latin1") : content;
  if (!(bytes instanceof Uint8Array) || bytes.length !== count * Number(dtype.code.slice(1))) {
    throw refuse(`damaged pickle: a NumPy array of shape (${shape.join(", ")}) without its ${dtype.code} values`);
  }
  array.dtype = dtype.code;
  array.littleEndian = dtype.littleEndian;
  array.shape = [...shape];
  array.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

const isShape = (shape: unknown): shape is readonly number[] =>
  Array.isArray(shape) && shape.length <= 64 && shape.every((side) => Number.isSafeInteger(side) && side >= 0);
