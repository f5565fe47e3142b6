// A matrix of floats in a file, one row a sample.
import { InputError } from "../../errors.js";
import { readNpy } from "./npy.js";

export interface FloatRows {
  readonly values: Float32Array | Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Reads floats (rows, columns) from a `.npy` file.
 * @param expected the columns in words: "two classes or more"
 *
 * Throws `InputError` on another shape, other values, or fewer than `leastColumns`.
 */
export async function readFloatRows(path: string, leastColumns: number, expected: string): Promise<FloatRows> {
  const { data, shape } = await readNpy(path);
  const [rows = 0, columns = 0] = shape;
  const isFloat = data instanceof Float32Array || data instanceof Float64Array;
  if (isFloat && shape.length === 2 && rows >= 1 && columns >= leastColumns) return { values: data, rows, columns };
  const found = `${data.constructor.name.replace("Array", "").toLowerCase()} of shape (${shape.join(", ")})`;
  throw new InputError(`${path}: ${found}; expected floats ${expected}`);
}
