// The tests' one comparison of numbers: it names the worst element and both its values.

import type { TypedArray } from "../../src/torch/dtype.js";
import type { Tensor } from "../../src/torch/index.js";

/** A tensor, a number, a typed array, or numbers nested in arrays. */
export type Numbers = Tensor | TypedArray | number | boolean | bigint | readonly Numbers[];

export interface Tolerance {
  /** Relative to the expected value's size. */
  readonly rtol?: number;
  readonly atol?: number;
}

interface Flat {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

function isTensor(value: object): value is Tensor {
  return "toArray" in value && "dtype" in value;
}

function flattenRows(rows: readonly Numbers[]): Flat {
  const flat = rows.map(flatten);
  const inner = flat[0]?.shape ?? [];
  const odd = flat.findIndex(({ shape }) => shape.join() !== inner.join());
  if (odd >= 0) throw new Error(`nested arrays are ragged: row 0 is [${inner}], row ${odd} is [${flat[odd]?.shape}]`);
  return { shape: [rows.length, ...inner], values: flat.flatMap(({ values }) => values) };
}

function flatten(value: Numbers): Flat {
  if (typeof value !== "object") return { shape: [], values: [Number(value)] };
  if (Array.isArray(value)) return flattenRows(value);
  if (isTensor(value)) return { shape: value.shape, values: Array.from<number | bigint, number>(value.data(), Number) };
  return {
    shape: [(value as TypedArray).length],
    values: Array.from<number | bigint, number>(value as TypedArray, Number),
  };
}

function indexOf(position: number, shape: readonly number[]): string {
  let rest = position;
  const index = shape.toReversed().map((size) => {
    const i = rest % size;
    rest = (rest - i) / size;
    return i;
  });
  return `[${index.reverse().join(", ")}]`;
}

/** How far an element is out, in tolerances: 1 and less is close; a NaN is close to a NaN only, an infinity to itself. */
function excess(actual: number, expected: number, { rtol, atol }: Required<Tolerance>): number {
  if (Object.is(actual, expected) || actual === expected) return 0;
  if (!Number.isFinite(actual) || !Number.isFinite(expected)) return Number.POSITIVE_INFINITY;
  const difference = Math.abs(actual - expected);
  return difference === 0 ? 0 : difference / (atol + rtol * Math.abs(expected));
}

/**
 * Asserts |actual - expected| <= atol + rtol |expected| for every element, and equal shapes (typed arrays, which have no
 * shape of their own, need only as many elements).
 * @throws Error naming the worst element, both values, and how many elements are out.
 */
export function expectAllClose(actual: Numbers, expected: Numbers, { rtol = 1e-5, atol = 1e-8 }: Tolerance = {}): void {
  const [ours, theirs] = [flatten(actual), flatten(expected)];
  const flat = ArrayBuffer.isView(actual) || ArrayBuffer.isView(expected);
  const shapesAgree = flat || ours.shape.join() === theirs.shape.join();
  if (!shapesAgree || ours.values.length !== theirs.values.length) {
    throw new Error(`shapes differ: actual [${ours.shape.join(", ")}], expected [${theirs.shape.join(", ")}]`);
  }
  const out = ours.values.map((value, i) => excess(value, theirs.values[i] as number, { rtol, atol }));
  const worst = out.reduce((best, value, i) => (value > (out[best] as number) ? i : best), 0);
  if ((out[worst] ?? 0) <= 1) return;
  const shape = ArrayBuffer.isView(actual) ? theirs.shape : ours.shape;
  const count = out.filter((value) => value > 1).length;
  throw new Error(
    `${count} of ${out.length} elements differ; the worst, ${indexOf(worst, shape)}: actual ${ours.values[worst]}, ` +
      `expected ${theirs.values[worst]} (rtol ${rtol}, atol ${atol})`,
  );
}
