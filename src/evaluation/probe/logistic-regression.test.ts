import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { randomFrom } from "../../data/index.js";
import { liveTensors, scope, tensor } from "../../torch/index.js";
import { fitLogistic, type LogisticProblem, logisticLoss, predictClasses } from "./logistic-regression.js";

const [samples, size, classes] = [60, 3, 4];
const random = randomFrom(1, "logistic test");
const labels = Array.from({ length: samples }, (_, i) => i % classes);
/** Overlapping heaps, so that weights stay finite. */
const rows = labels.map((label) => Array.from({ length: size }, (_, j) => random.normal() + (j === label ? 1 : 0)));

const problem = (l2: number, dtype: "float32" | "float64" = "float64"): LogisticProblem => ({
  features: tensor(rows, { dtype }),
  labels: tensor(labels, { dtype: "int64" }),
  classes,
  l2,
});

function softmax(logits: number[]): number[] {
  const exponentials = logits.map(Math.exp);
  const total = exponentials.reduce((sum, value) => sum + value);
  return exponentials.map((value) => value / total);
}

/** Parameters in their one order: the weights of feature 0 to each class, of feature 1, ..., the biases. */
function plainLoss(parameters: number[], l2: number) {
  const gradient = parameters.map((value, p) => (p < size * classes ? l2 * value : 0));
  const hessian = parameters.map((_, p) => parameters.map((_, q) => (p === q && p < size * classes ? l2 : 0)));
  let value = (l2 / 2) * parameters.slice(0, size * classes).reduce((sum, one) => sum + one * one, 0);
  rows.forEach((row, i) => {
    const inputs = [...row, 1];
    const of = (feature: number, label: number) => feature * classes + label;
    const logits = labels
      .slice(0, classes)
      .map((_, label) => inputs.reduce((sum, x, j) => sum + x * parameters[of(j, label)]!, 0));
    const p = softmax(logits);
    value -= Math.log(p[labels[i]!]!) / samples;
    inputs.forEach((x, j) => {
      p.forEach((share, a) => {
        gradient[of(j, a)]! += (x * (share - (labels[i] === a ? 1 : 0))) / samples;
        inputs.forEach((other, k) => {
          p.forEach((another, b) => {
            hessian[of(j, a)]![of(k, b)]! += (x * other * share * ((a === b ? 1 : 0) - another)) / samples;
          });
        });
      });
    });
  });
  return { value, gradient, hessian };
}

/** Gauss-Jordan with pivots. */
function solve(matrix: number[][], right: number[]): number[] {
  const work = matrix.map((row, i) => [...row, right[i]!]);
  for (let c = 0; c < work.length; c++) {
    const pivot = work
      .slice(c)
      .reduce((best, row, i) => (Math.abs(row[c]!) > Math.abs(work[best]![c]!) ? c + i : best), c);
    [work[c], work[pivot]] = [work[pivot]!, work[c]!];
    work.forEach((row, i) => {
      if (i === c) return;
      const factor = row[c]! / work[c]![c]!;
      row.forEach((_, k) => {
        row[k]! -= factor * work[c]![k]!;
      });
    });
  }
  return work.map((row, i) => row.at(-1)! / row[i]!);
}

/** Newton's method. The biases may all rise together without effect; a trace of their mean square settles them. */
function newton(l2: number): number[] {
  let parameters = new Array<number>((size + 1) * classes).fill(0);
  for (let i = 0; i < 30; i++) {
    const { gradient, hessian } = plainLoss(parameters, l2);
    const settled = hessian.map((row, p) => row.map((value, q) => value + (p === q && p >= size * classes ? 1e-9 : 0)));
    const step = solve(settled, gradient);
    parameters = parameters.map((value, p) => value - step[p]!);
  }
  return parameters;
}

describe("logistic regression", () => {
  it("has the loss and the gradient of a plain loop", () => {
    const parameters = Array.from({ length: (size + 1) * classes }, () => random.normal());
    scope(() => {
      const { value, gradient } = logisticLoss(problem(0.3))(tensor(parameters, { dtype: "float64" }));
      const plain = plainLoss(parameters, 0.3);
      expectAllClose(value, plain.value, { rtol: 1e-12 });
      expectAllClose(gradient, plain.gradient, { rtol: 1e-10, atol: 1e-14 });
    });
  });

  it("ends at the parameters that Newton's method finds", () => {
    for (const l2 of [1, 0.01]) {
      const expected = newton(l2);
      expect(Math.max(...plainLoss(expected, l2).gradient.map(Math.abs))).toBeLessThan(1e-12);
      scope(() => {
        const fitted = fitLogistic(problem(l2), { tolerance: 1e-10 });
        expect(fitted.converged).toBe(true);
        expectAllClose(fitted.x, expected, { rtol: 1e-6, atol: 1e-7 });
      });
    }
  });

  it("finds the same in float32, from any start, within rounding", () => {
    scope(() => {
      const start = tensor(Array.from({ length: (size + 1) * classes }, () => random.normal()));
      const weights = fitLogistic(problem(0.01, "float32"), { start }).x.narrow(0, 0, size * classes);
      expectAllClose(weights, newton(0.01).slice(0, size * classes), { rtol: 1e-3, atol: 1e-3 });
    });
  });

  it("answers the class of the largest logit, and leaves no tensor behind", () => {
    const parameters = newton(0.01);
    const expected = rows.map((row) => {
      const logits = labels
        .slice(0, classes)
        .map((_, label) => [...row, 1].reduce((sum, x, j) => sum + x * parameters[j * classes + label]!, 0));
      return logits.indexOf(Math.max(...logits));
    });
    const before = liveTensors();
    const own = scope(() => predictClasses(fitLogistic(problem(0.01)).x, tensor(rows, { dtype: "float64" }), classes));
    expect([...own]).toEqual(expected);
    expect(liveTensors()).toBe(before);
  });
});
