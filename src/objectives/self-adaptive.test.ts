import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { oneHot, randomLogits } from "../../test/support/plain-softmax.js";
import { noGrad, ops, scope, type Tensor, tensor } from "../torch/index.js";
import { crossEntropy, selfAdaptive } from "./index.js";

interface Step {
  epoch: number;
  index: number[];
  logits: number[][];
  loss: number;
  grad: number[][];
  targets_after: number[][];
}

interface Golden {
  momentum: number;
  start_epoch: number;
  alpha: number;
  beta: number | null;
  num_classes: number;
  labels: number[];
  steps: Step[];
}

const golden = (name: string): Golden =>
  JSON.parse(readFileSync(new URL(`../../test/fixtures/golden/${name}.json`, import.meta.url), "utf8"));

const pick = (labels: readonly number[], index: readonly number[]) => index.map((i) => labels[i] as number);

describe.each(["supervised-ce", "supervised-sce"])("the authors' own figures, %s", (name) => {
  it("gives their loss, gradient and targets at every step", () => {
    const { momentum, start_epoch, alpha, beta, num_classes, labels, steps } = golden(name);
    const form = beta === null ? ({ form: "ce" } as const) : ({ form: "sce", alpha, beta } as const);
    const sat = selfAdaptive({ labels, classes: num_classes, momentum, startEpoch: start_epoch, ...form });
    for (const { epoch, index, logits, loss, grad, targets_after } of steps) {
      const z = tensor(logits, { requiresGrad: true });
      const value = sat.loss(z, { labels: pick(labels, index), index, epoch });
      value.backward();
      expectAllClose(value, loss, { rtol: 1e-5, atol: 1e-6 });
      expectAllClose(z.grad as Tensor, grad, { rtol: 1e-5, atol: 1e-6 });
      expectAllClose(sat.targets, targets_after, { rtol: 1e-5, atol: 1e-7 });
    }
  });
});

/** The algorithm as plain loops over one batch; changes `targets` in place. */
function plainStep(z: number[][], index: number[], targets: number[][], momentum: number): number {
  let weighted = 0;
  let weights = 0;
  z.forEach((row, i) => {
    const largest = Math.max(...row);
    const total = row.reduce((sum, value) => sum + Math.exp(value - largest), 0);
    const target = targets[index[i] as number] as number[];
    let entropy = 0;
    row.forEach((value, j) => {
      const p = Math.exp(value - largest) / total;
      target[j] = momentum * (target[j] as number) + (1 - momentum) * p;
      entropy -= (target[j] as number) * Math.log(p);
    });
    const weight = Math.max(...target);
    weighted += weight * entropy;
    weights += weight;
  });
  return weighted / weights;
}

it("a state of another shape, or none, is refused, and the targets stay", () => {
  const objective = selfAdaptive({ labels: [0, 1, 1], classes: 2 });
  expect(() => objective.load(new Map([["targets", ops.full([1, 2], 0.5)]]))).toThrow(
    "the state's `targets`: received a tensor of 1 x 2; expected 3 x 2",
  );
  expect(() => objective.load(new Map())).toThrow("the state's `targets`: received nothing; expected 3 x 2");
  expect(Array.from(objective.targets.data(), Number)).toEqual([1, 0, 0, 1, 0, 1]);
});

describe("self-adaptive targets", () => {
  const labels = [0, 2, 1, 3, 2, 0];

  it("equal a plain loop over several visits, in float64", () => {
    const sat = selfAdaptive({ labels, classes: 4, momentum: 0.8, startEpoch: 0, dtype: "float64" });
    const targets = oneHot(labels, 4);
    for (let epoch = 0; epoch < 5; epoch++) {
      const index = [5, 1, 3].map((i) => (i + epoch) % 6);
      const z = randomLogits(epoch + 1, 3, 4);
      const loss = sat.loss(tensor(z, { dtype: "float64" }), { labels: pick(labels, index), index, epoch });
      expectAllClose(loss, plainStep(z, index, targets, 0.8), { rtol: 1e-12, atol: 0 });
      expectAllClose(sat.targets, targets, { rtol: 1e-12, atol: 1e-15 });
    }
  });

  it("give cross entropy while they rest at the labels", () => {
    const index = [0, 1, 2, 3, 4, 5];
    const z = tensor(randomLogits(3, 6, 4), { dtype: "float64" });
    const held = selfAdaptive({ labels, classes: 4, momentum: 1, startEpoch: 0, dtype: "float64" });
    const plain = crossEntropy().loss(z, { labels, index, epoch: 0 }).item();
    expectAllClose(held.loss(z, { labels, index, epoch: 0 }), plain, { rtol: 1e-12, atol: 0 });
    const waiting = selfAdaptive({ labels, classes: 4, startEpoch: 7 });
    expectAllClose(waiting.loss(z, { labels, index, epoch: 6 }), plain, { rtol: 1e-6, atol: 0 });
    expectAllClose(waiting.targets, oneHot(labels, 4), { rtol: 0, atol: 0 });
  });

  it("do not depend on the order of the batch", () => {
    const z = randomLogits(9, 4, 4);
    const index = [4, 0, 2, 1];
    const order = [2, 0, 3, 1];
    const run = (rows: number[][], at: number[]) => {
      const sat = selfAdaptive({ labels, classes: 4, startEpoch: 0, dtype: "float64" });
      const loss = sat.loss(tensor(rows, { dtype: "float64" }), { labels: pick(labels, at), index: at, epoch: 0 });
      return { loss: loss.item(), targets: sat.targets };
    };
    const one = run(z, index);
    const other = run(
      order.map((i) => z[i] as number[]),
      order.map((i) => index[i] as number),
    );
    expectAllClose(one.loss, other.loss, { rtol: 1e-12, atol: 0 });
    expectAllClose(one.targets, other.targets, { rtol: 1e-12, atol: 0 });
  });

  it.each(["ce", "sce"] as const)("pass the gradient of the %s form as finite differences give it", (form) => {
    const index = [1, 3, 5];
    const z = randomLogits(5, 3, 4);
    const batch = { labels: pick(labels, index), index, epoch: 0 };
    const fresh = () => selfAdaptive({ labels, classes: 4, startEpoch: 0, form, dtype: "float64" });
    const sat = fresh();
    const logits = tensor(z, { dtype: "float64", requiresGrad: true });
    sat.loss(logits, batch).backward();
    // The target is a constant of the derivative: hold it where the step left it, by a momentum of one.
    const held = (rows: number[][]) => {
      const still = selfAdaptive({ labels, classes: 4, startEpoch: 0, momentum: 1, form, dtype: "float64" });
      still.load(sat.state());
      return still.loss(tensor(rows, { dtype: "float64" }), batch).item();
    };
    const h = 1e-5;
    const numeric = z.map((row, i) =>
      row.map((_, j) => {
        const moved = (by: number) => z.map((r, a) => r.map((v, b) => (a === i && b === j ? v + by : v)));
        return (held(moved(h)) - held(moved(-h))) / (2 * h);
      }),
    );
    expectAllClose(logits.grad as Tensor, numeric, { rtol: 1e-6, atol: 1e-8 });
  });

  it("stay finite in the symmetric form where a probability is zero", () => {
    const sat = selfAdaptive({ labels: [0], classes: 3, startEpoch: 0, momentum: 0.9, form: "sce" });
    const z = tensor([[200, 0, -200]], { requiresGrad: true });
    const loss = sat.loss(z, { labels: [0], index: [0], epoch: 0 });
    loss.backward();
    expect(loss.item()).toBeCloseTo(0, 6);
    expect((z.grad as Tensor).isfinite().all().item<boolean>()).toBe(true);
  });

  it("are resumed exactly from their state", () => {
    const sat = selfAdaptive({ labels, classes: 4, startEpoch: 0 });
    sat.loss(tensor(randomLogits(2, 6, 4)), { labels, index: [0, 1, 2, 3, 4, 5], epoch: 0 });
    const resumed = selfAdaptive({ labels, classes: 4, startEpoch: 0 });
    resumed.load(sat.state());
    expectAllClose(resumed.targets, sat.targets, { rtol: 0, atol: 0 });
  });

  it("take bf16 logits and keep float32 targets", () => {
    const sat = selfAdaptive({ labels, classes: 4, startEpoch: 0 });
    const z = tensor(randomLogits(4, 6, 4)).to("bfloat16");
    const loss = scope(() => noGrad(() => sat.loss(z, { labels, index: tensor([0, 1, 2, 3, 4, 5]), epoch: 0 })));
    expect([loss.dtype, sat.targets.dtype]).toEqual(["float32", "float32"]);
    expectAllClose(sat.targets.sum([1]), ops.ones([6]), { rtol: 1e-5, atol: 0 });
  });

  it("refuse a momentum outside 0 to 1", () => {
    expect(() => selfAdaptive({ labels, classes: 4, momentum: 1.5 })).toThrow(
      "`momentum`: received 1.5; expected a number from 0 to 1",
    );
  });
});

it.each([
  [{ startEpoch: Number.NaN }, "`startEpoch`: received NaN; expected a number of at least 0"],
  [{ startEpoch: -1 }, "`startEpoch`: received -1"],
  [{ alpha: -1 }, "`alpha`: received -1"],
  [{ labels: [0, 7, 1] }, "`labels[1]`: received 7; expected 0 to 2"],
  [{ pinned: [3] }, "`pinned[0]`: received 3; expected 0 to 2"],
])("self-adaptive training refuses %j", (options, message) => {
  expect(() => selfAdaptive({ labels: [0, 2, 1], classes: 3, ...options })).toThrow(
    new RegExp(message.replaceAll("[", "\\[")),
  );
});
