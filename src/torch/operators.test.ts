// Operators against plain functions of numbers, values and derivatives.
import { describe, test } from "vitest";
import { checkOperator, type OperatorCheck } from "../../test/support/check-operator.js";
import { ops } from "./index.js";

type Matrix = number[][];

const a: Matrix = [
  [0.5, -1.25, 2],
  [-0.75, 0.3, 1.1],
];
const b: Matrix = [
  [1.5, 0.4, -0.6],
  [2.2, -0.9, 0.8],
];
const positive: Matrix = [
  [0.5, 1.25, 2],
  [0.75, 0.3, 1.1],
];

const map = (f: (x: number) => number) => (x: Matrix) => x.map((row) => row.map(f));
const zip = (f: (x: number, y: number) => number) => (x: Matrix, y: Matrix) =>
  x.map((row, i) => row.map((value, j) => f(value, y[i]?.[j] as number)));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
const column = (x: Matrix, j: number) => x.map((row) => row[j] as number);
const product = (x: Matrix, y: Matrix) =>
  x.map((row) => y[0]?.map((_, j) => sum(row.map((v, k) => v * column(y, j)[k]!))));
const logSumExp = (row: readonly number[]) => Math.log(sum(row.map(Math.exp)));
const squaredSpread = (row: readonly number[]) => sum(row.map((x) => (x - mean(row)) ** 2));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const image = [
  [
    Array.from({ length: 4 }, (_, i) => Array.from({ length: 5 }, (_, j) => Math.sin(3 * i + 2 * j))),
    Array.from({ length: 4 }, (_, i) => Array.from({ length: 5 }, (_, j) => Math.cos(i * i + 2.3 * j))),
  ],
];
const kernel = [
  [
    [
      [0.2, -0.5],
      [1, 0.7],
    ],
    [
      [-0.3, 0.6],
      [0.9, -1.1],
    ],
  ],
];

/** out[y][x] = sum over channels and kernel of image[c][2y + u - 1][2x + v - 1] kernel[c][u][v] */
function convolved(input: typeof image, weight: typeof kernel): number[][][][] {
  const at = (c: number, y: number, x: number) => input[0]?.[c]?.[y]?.[x] ?? 0;
  const one = (y: number, x: number) =>
    sum(
      weight[0]!.flatMap((plane, c) =>
        plane.flatMap((row, u) => row.map((w, v) => w * at(c, 2 * y + u - 1, 2 * x + v - 1))),
      ),
    );
  return [[Array.from({ length: 3 }, (_, y) => Array.from({ length: 3 }, (_, x) => one(y, x)))]];
}

const windows = (f: (values: number[]) => number) => (input: typeof image) => [
  input[0]!.map((plane) =>
    [0, 2].map((y) => [0, 2].map((x) => f([0, 1].flatMap((u) => [0, 1].map((v) => plane[y + u]?.[x + v] as number))))),
  ),
];

const checks: Record<string, OperatorCheck> = {
  add: { operator: (x, y) => ops.add(x, y, { alpha: 2 }), inputs: [a, b], reference: zip((x, y) => x + 2 * y) },
  sub: { operator: (x, y) => ops.sub(x, y), inputs: [a, b], reference: zip((x, y) => x - y) },
  mul: { operator: ops.mul, inputs: [a, b], reference: zip((x, y) => x * y) },
  div: { operator: ops.div, inputs: [a, b], reference: zip((x, y) => x / y) },
  pow: { operator: ops.pow, inputs: [positive, b], reference: zip((x, y) => x ** y) },
  maximum: { operator: ops.maximum, inputs: [a, b], reference: zip(Math.max) },
  atan2: { operator: ops.atan2, inputs: [a, b], reference: zip(Math.atan2) },
  "add of a row": {
    operator: (x, y) => ops.add(x, y),
    inputs: [a, [1, 2, 3]],
    reference: (x: Matrix) => x.map((row) => row.map((v, j) => v + j + 1)),
  },
  neg: { operator: ops.neg, inputs: [a], reference: map((x) => -x) },
  abs: { operator: ops.abs, inputs: [a], reference: map(Math.abs) },
  exp: { operator: ops.exp, inputs: [a], reference: map(Math.exp) },
  log: { operator: ops.log, inputs: [positive], reference: map(Math.log) },
  sqrt: { operator: ops.sqrt, inputs: [positive], reference: map(Math.sqrt) },
  tanh: { operator: ops.tanh, inputs: [a], reference: map(Math.tanh) },
  sigmoid: { operator: ops.sigmoid, inputs: [a], reference: map(sigmoid) },
  relu: { operator: ops.relu, inputs: [a], reference: map((x) => Math.max(x, 0)) },
  silu: { operator: ops.silu, inputs: [a], reference: map((x) => x * sigmoid(x)) },
  softplus: { operator: (x) => ops.softplus(x), inputs: [a], reference: map((x) => Math.log1p(Math.exp(x))) },
  clamp: {
    operator: (x) => ops.clamp(x, { min: -1, max: 1 }),
    inputs: [a],
    reference: map((x) => Math.min(Math.max(x, -1), 1)),
  },
  trunc: { operator: ops.trunc, inputs: [a], reference: map(Math.trunc), differentiable: false },
  sum: { operator: (x) => ops.sum(x), inputs: [a], reference: (x: Matrix) => sum(x.flat()) },
  "sum of rows": {
    operator: (x) => ops.sum(x, [1], { keepdim: true }),
    inputs: [a],
    reference: (x: Matrix) => x.map((row) => [sum(row)]),
  },
  mean: {
    operator: (x) => ops.mean(x, 0),
    inputs: [a],
    reference: (x: Matrix) => x[0]?.map((_, j) => mean(column(x, j))) as number[],
  },
  prod: {
    operator: (x) => ops.prod(x, 1),
    inputs: [a],
    reference: (x: Matrix) => x.map((row) => row.reduce((p, v) => p * v, 1)),
  },
  var: {
    operator: (x) => ops.var_(x, [1], { unbiased: false }),
    inputs: [a],
    reference: (x: Matrix) => x.map((row) => squaredSpread(row) / row.length),
  },
  amax: {
    operator: (x) => ops.amax(x, { dim: [1] }),
    inputs: [a],
    reference: (x: Matrix) => x.map((row) => Math.max(...row)),
  },
  cumsum: {
    operator: (x) => ops.cumsum(x, 1),
    inputs: [a],
    reference: (x: Matrix) => x.map((row) => row.map((_, j) => sum(row.slice(0, j + 1)))),
  },
  logsumexp: { operator: (x) => ops.logsumexp(x, 1), inputs: [a], reference: (x: Matrix) => x.map(logSumExp) },
  norm: {
    operator: (x) => ops.linalgVectorNorm(x, { dim: 1 }),
    inputs: [a],
    reference: (x: Matrix) => x.map((row) => Math.hypot(...row)),
  },
  matmul: {
    operator: (x, y) => ops.matmul(x, ops.t(y)),
    inputs: [a, b],
    reference: (x: Matrix, y: Matrix) => x.map((r) => y.map((s) => sum(r.map((v, k) => v * s[k]!)))),
  },
  einsum: {
    operator: (x, y) => ops.einsum("ij,kj->ki", [x, y]),
    inputs: [a, b],
    reference: (x: Matrix, y: Matrix) => y.map((s) => x.map((r) => sum(r.map((v, k) => v * s[k]!)))),
  },
  mm: {
    operator: ops.mm,
    inputs: [
      a,
      [
        [1, 2],
        [0.5, -1],
        [3, 0.1],
      ],
    ],
    reference: product as never,
  },
  softmax: {
    operator: (x) => ops.softmax(x, 1),
    inputs: [a],
    reference: (x: Matrix) => x.map((row) => row.map((v) => Math.exp(v - logSumExp(row)))),
  },
  logSoftmax: {
    operator: (x) => ops.logSoftmax(x, 1),
    inputs: [a],
    reference: (x: Matrix) => x.map((row) => row.map((v) => v - logSumExp(row))),
  },
  layerNorm: {
    operator: (x) => ops.layerNorm(x, [3]),
    inputs: [a],
    reference: (x: Matrix) =>
      x.map((row) => row.map((v) => (v - mean(row)) / Math.sqrt(squaredSpread(row) / 3 + 1e-5))),
  },
  mseLoss: {
    operator: (x, y) => ops.mseLoss(x, y),
    inputs: [a, b],
    reference: (x: Matrix, y: Matrix) => mean(x.flatMap((row, i) => row.map((v, j) => (v - y[i]![j]!) ** 2))),
  },
  transpose: {
    operator: (x) => ops.transpose(x, 0, 1),
    inputs: [a],
    reference: (x: Matrix) => x[0]?.map((_, j) => column(x, j)) as Matrix,
  },
  cat: {
    operator: (x, y) => ops.cat([x, y], { dim: 1 }),
    inputs: [a, b],
    reference: (x: Matrix, y: Matrix) => x.map((row, i) => [...row, ...y[i]!]),
  },
  slice: {
    operator: (x) => ops.slice(x, { dim: 1, start: 1 }),
    inputs: [a],
    reference: (x: Matrix) => x.map((row) => row.slice(1)),
  },
  roll: {
    operator: (x) => ops.roll(x, 1, { dims: 1 }),
    inputs: [a],
    reference: (x: Matrix) => x.map((row) => [row[2]!, row[0]!, row[1]!]),
  },
  conv2d: {
    operator: (x, w) => ops.conv2d(x, w, { stride: 2, padding: 1 }),
    inputs: [image, kernel],
    reference: convolved as never,
  },
  avgPool2d: { operator: (x) => ops.avgPool2d(x, 2), inputs: [image], reference: windows(mean) as never },
  maxPool2d: {
    operator: (x) => ops.maxPool2d(x, [2, 2]),
    inputs: [image],
    reference: windows((v) => Math.max(...v)) as never,
  },
};

describe("operators agree with plain arithmetic, and their derivatives with finite differences", () => {
  test.each(Object.entries(checks))("%s", (_, check) => checkOperator(check));
});
