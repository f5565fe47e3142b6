// Class probabilities of samples in a file, from whatever network made them.
import { InputError } from "../../errors.js";
import { readFloatRows } from "./float-rows.js";

/** How far from 1 a row may sum, for figures that were rounded or computed in half precision. */
const tolerance = 1e-2;

/** One row a sample, one column a class, row by row. */
export interface ReadProbabilities {
  readonly probabilities: Float32Array;
  readonly samples: number;
  readonly classes: number;
}

/**
 * Reads class probabilities (n, classes) from a `.npy` file of floats.
 *
 * Throws `InputError` on another shape, and naming the first row with an entry that is negative or not finite, or that does
 * not sum to 1 within 0.01.
 */
export async function readProbabilities(path: string): Promise<ReadProbabilities> {
  const { values, rows, columns } = await readFloatRows(path, 2, "(samples, classes), two classes or more");
  for (let i = 0; i < rows; i++) checkRow(`${path}, row ${i}`, values.subarray(i * columns, (i + 1) * columns));
  return { probabilities: Float32Array.from(values), samples: rows, classes: columns };
}

function checkRow(where: string, row: Float32Array | Float64Array): void {
  let sum = 0;
  for (const value of row) {
    if (!(value >= 0 && Number.isFinite(value))) {
      throw new InputError(`${where}: ${value} is no probability; expected numbers from 0 to 1`);
    }
    sum += value;
  }
  if (Math.abs(sum - 1) > tolerance) throw new InputError(`${where}: sums to ${sum.toFixed(4)}; expected 1`);
}
