// NumPy's .npy files: npyjs reads and writes them, this adds what it leaves to its caller (order, length, names in errors).
import { dump, parse } from "npyjs";
import { InputError } from "../../errors.js";
import { readBytes } from "../files.js";
import { toLittleEndian } from "./npy-header.js";

/** The values of an array: booleans come as Uint8Array, float16 as Float32Array. */
export type NpyData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** An array in row-major order. */
export interface NpyArray {
  readonly data: NpyData;
  readonly shape: readonly number[];
}

const realDtypes = /^([iu][1248]|f[248]|b1)$/;

/** Reads a `.npy` file, given by its path or its bytes. Throws `InputError` as `parseNpy` does. */
export async function readNpy(source: string | Uint8Array): Promise<NpyArray> {
  return typeof source === "string" ? parseNpy(await readBytes(source), source) : parseNpy(source);
}

/**
 * Reads the bytes of a `.npy` file; arrays in Fortran order are brought into row-major order.
 *
 * Throws `InputError`, beginning with `name`, on what is no `.npy` file, is truncated, or holds anything but real numbers.
 */
export function parseNpy(bytes: Uint8Array, name = "the .npy bytes"): NpyArray {
  const { data, shape, dtype, fortranOrder } = parseOrRefuse(bytes, name);
  if (!realDtypes.test(dtype)) {
    throw new InputError(`${name}: values of type "${dtype}" cannot be read; expected integers, booleans or floats`);
  }
  const flat = (Array.isArray(data) ? Uint8Array.from(data, Number) : data) as NpyData;
  const size = product(shape);
  if (flat.length !== size) {
    const expected = `its shape (${shape.join(", ")}) expects ${size}`;
    throw new InputError(`${name}: truncated or damaged: ${flat.length} values found, ${expected}`);
  }
  return { data: fortranOrder && shape.length > 1 ? toRowMajor(flat, shape) : flat, shape };
}

/**
 * The bytes of a `.npy` file holding `data` under `shape`, in the array's own type; Int32Array becomes int64, NumPy's
 * default integer. Throws `RangeError` where the shape does not count the values.
 */
export function writeNpy(data: NpyData, shape: readonly number[] = [data.length]): Uint8Array {
  if (product(shape) !== data.length) throw new RangeError(`shape (${shape.join(", ")}) for ${data.length} values`);
  const values = data instanceof Int32Array ? BigInt64Array.from(data, BigInt) : data;
  return new Uint8Array(dump(values, [...shape]));
}

function parseOrRefuse(given: Uint8Array, name: string) {
  const bytes = toLittleEndian(given);
  const isEntire = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  try {
    return parse((isEntire ? bytes.buffer : new Uint8Array(bytes).buffer) as ArrayBuffer);
  } catch (error) {
    throw new InputError(`${name}: not a .npy file that can be read (${(error as Error).message})`);
  }
}

function toRowMajor(data: NpyData, shape: readonly number[]): NpyData {
  const out = data.slice();
  const index = new Array<number>(shape.length).fill(0);
  const strides = shape.map((_, axis) => product(shape.slice(0, axis)));
  for (let to = 0, from = 0; to < out.length; to++) {
    out[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}

function product(shape: readonly number[]): number {
  return shape.reduce((size, side) => size * side, 1);
}
