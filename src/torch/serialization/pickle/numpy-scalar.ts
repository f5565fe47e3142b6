// NumPy scalars, such as a best accuracy in a checkpoint, as plain numbers.
import type { PickleContext } from "./context.js";

/** An element type such as `f8`, whose byte order arrives after it is made. */
export class NumpyDtype {
  readonly code: string;
  littleEndian = true;

  constructor(code: string) {
    this.code = code;
  }
}

type Decode = (view: DataView, littleEndian: boolean) => number | bigint | boolean;

const DECODERS = new Map<string, readonly [size: number, decode: Decode]>([
  ["f8", [8, (view, little) => view.getFloat64(0, little)]],
  ["f4", [4, (view, little) => view.getFloat32(0, little)]],
  ["i8", [8, (view, little) => view.getBigInt64(0, little)]],
  ["i4", [4, (view, little) => view.getInt32(0, little)]],
  ["i2", [2, (view, little) => view.getInt16(0, little)]],
  ["i1", [1, (view) => view.getInt8(0)]],
  ["u8", [8, (view, little) => view.getBigUint64(0, little)]],
  ["u4", [4, (view, little) => view.getUint32(0, little)]],
  ["u2", [2, (view, little) => view.getUint16(0, little)]],
  ["u1", [1, (view) => view.getUint8(0)]],
  ["b1", [1, (view) => view.getUint8(0) !== 0]],
]);

/** `numpy.dtype(code, ...)`; its state is `(version, byte order, ...)`. */
export function numpyDtype([code]: readonly unknown[], { stateSetters, refuse }: PickleContext): NumpyDtype {
  if (typeof code !== "string") throw refuse("damaged pickle: a NumPy dtype without a code");
  const dtype = new NumpyDtype(code);
  stateSetters.set(dtype, (state) => {
    if (!Array.isArray(state)) throw refuse("damaged pickle: a NumPy dtype with an unknown state");
    dtype.littleEndian = state[1] !== ">";
  });
  return dtype;
}

/** `numpy.core.multiarray.scalar(dtype, bytes)` as a number, a bigint where it needs one, or a boolean. */
export function decodeNumpyScalar(
  [dtype, data]: readonly unknown[],
  { refuse }: PickleContext,
): number | bigint | boolean {
  const bytes = typeof data === "string" ? Buffer.from(data.slice(0, 16), "latin1") : data;
  const [size, decode] = (dtype instanceof NumpyDtype && DECODERS.get(dtype.code)) || [];
  if (
    decode === undefined ||
    !(dtype instanceof NumpyDtype) ||
    !(bytes instanceof Uint8Array) ||
    bytes.length !== size
  ) {
    throw refuse("a NumPy scalar of an unknown type; expected an integer, a float of 4 or 8 bytes or a boolean");
  }
  const value = decode(new DataView(bytes.buffer, bytes.byteOffset, size), dtype.littleEndian);
  return typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
