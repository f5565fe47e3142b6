import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { fixture } from "../../test/support/golden.js";
import { mean, randomLogits, softmax } from "../../test/support/plain-softmax.js";
import { manualSeed, type Tensor, tensor } from "../torch/index.js";
import { crossEntropy, sparseOverParameterization } from "./index.js";

interface Golden {
  readonly labels: number[];
  readonly lrU: number;
  readonly lrV: number;
  readonly u: number[][];
  readonly v: number[][];
  readonly visits: {
    readonly index: number[];
    readonly logits: number[][];
    readonly loss: number;
    readonly gradient: number[][];
    readonly u: number[][];
    readonly v: number[][];
  }[];
}

const float64 = (values: number[][]) => tensor(values, { dtype: "float64" });

function begunAt(u: number[][], v: number[][], lrU: number, lrV: number) {
  const [samples, classes] = [u.length, (v[0] as number[]).length];
  const sop = sparseOverParameterization({ samples, classes, lrU, lrV, dtype: "float64" });
  sop.load(
    new Map([
      ["u", float64(u)],
      ["v", float64(v)],
    ]),
  );
  return sop;
}

describe("sparse over-parameterization", () => {
  it("returns what its authors' code returns over six steps: loss, gradient, u and v", () => {
    const golden = JSON.parse(readFileSync(fixture("golden/sop.json"), "utf8")) as Golden;
    const sop = begunAt(golden.u, golden.v, golden.lrU, golden.lrV);
    for (const { index, logits, ...expected } of golden.visits) {
      const z = tensor(logits, { dtype: "float64", requiresGrad: true });
      const loss = sop.loss(z, { labels: index.map((i) => golden.labels[i] as number), index, epoch: 0 });
      loss.backward();
      expectAllClose(loss, expected.loss, { rtol: 1e-12, atol: 0 });
      expectAllClose(z.grad as Tensor, expected.gradient, { rtol: 1e-10, atol: 1e-15 });
      expectAllClose(sop.state().get("u") as Tensor, expected.u, { rtol: 1e-10, atol: 1e-15 });
      expectAllClose(sop.state().get("v") as Tensor, expected.v, { rtol: 1e-10, atol: 1e-15 });
    }
  });

  it("moves u and v down the slope of a plain loss, by finite differences", () => {
    const [labels, rate, h] = [[0, 3, 2], 1e-3, 1e-6];
    const z = randomLogits(5, 3, 4);
    const u = [[0.3], [0.1], [0.6]];
    const v = randomLogits(6, 3, 4).map((row) => row.map((value) => value / 4));
    /** `constant` is v in the likelihood. */
    const plain = (u: number[][], v: number[][], constant: number[][]) =>
      mean(
        z.map((row, i) => {
          const y = labels[i] as number;
          const noise = (of: number[][], j: number) => (j === y ? (u[i]?.[0] ?? 0) ** 2 : -((of[i]?.[j] ?? 0) ** 2));
          const q = softmax(row).map((p, j) => Math.max(p + noise(constant, j), 1e-4));
          const sum = q.reduce((total, value) => total + value, 0);
          const hard = row.indexOf(Math.max(...row));
          const squares = row.map((_, j) => (Number(j === hard) + noise(v, j) - Number(j === y)) ** 2);
          return -Math.log((q[y] as number) / sum) + squares.reduce((total, value) => total + value, 0);
        }),
      );
    const moved = (values: number[][], i: number, j: number, by: number) =>
      values.map((row, a) => row.map((value, b) => (a === i && b === j ? value + by : value)));
    const down = (values: number[][], lossAt: (values: number[][]) => number) =>
      values.map((row, i) =>
        row.map((value, j) => {
          const slope = (lossAt(moved(values, i, j, h)) - lossAt(moved(values, i, j, -h))) / (2 * h);
          return value - rate * slope;
        }),
      );

    const sop = begunAt(u, v, rate, rate);
    const loss = sop.loss(float64(z), { labels, index: [0, 1, 2], epoch: 0 });
    expectAllClose(loss, plain(u, v, v), { rtol: 1e-12, atol: 0 });
    expectAllClose(
      sop.state().get("u") as Tensor,
      down(u, (moved) => plain(moved, v, v)),
      { rtol: 1e-9, atol: 1e-12 },
    );
    expectAllClose(
      sop.state().get("v") as Tensor,
      down(v, (moved) => plain(u, moved, v)),
      { rtol: 1e-9, atol: 1e-12 },
    );
  });

  it("has the gradient of cross entropy while the noise is zero", () => {
    const sop = sparseOverParameterization({ samples: 6, classes: 4, dtype: "float64" });
    const batch = { labels: [0, 3, 2, 1, 3, 0], index: [0, 1, 2, 3, 4, 5], epoch: 0 };
    const gradients = [sop, crossEntropy()].map((objective) => {
      const z = tensor(randomLogits(3, 6, 4), { dtype: "float64", requiresGrad: true });
      objective.loss(z, batch).backward();
      return z.grad as Tensor;
    });
    expectAllClose(gradients[0] as Tensor, gradients[1] as Tensor, { rtol: 1e-10, atol: 0 });
  });

  it("learns the noise of a wrong label, and none of a right one, where the network is right about both", () => {
    manualSeed(2);
    const sop = sparseOverParameterization({ samples: 2, classes: 3 });
    const z = tensor([
      [8, 0, 0],
      [8, 0, 0],
    ]);
    for (let epoch = 0; epoch < 60; epoch++) sop.loss(z, { labels: [0, 1], index: [0, 1], epoch });
    const squares = (name: string) => (sop.state().get(name) as Tensor).square().clampMax(1);
    expectAllClose(squares("u"), [[0], [1]], { rtol: 0, atol: 0.01 });
    expectAllClose(squares("v").select(1, 0), [0, 1], { rtol: 0, atol: 0.01 });
  });

  it("refuses a negative learning rate", () => {
    const make = () => sparseOverParameterization({ samples: 6, classes: 4, lrU: -1 });
    expect(make).toThrow(new RangeError("`lrU`: received -1; expected a number of at least 0"));
  });
});
