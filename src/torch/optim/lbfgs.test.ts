import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { liveTensors, scope, tensor } from "../index.js";
import { type LbfgsOptions, lbfgs, type SmoothFunction } from "./lbfgs.js";

const float64 = { dtype: "float64" } as const;

/** Minimizes a function of plain numbers in float64. */
function minimize(
  of: (x: number[]) => { value: number; gradient: number[] },
  start: number[],
  options: LbfgsOptions = {},
) {
  const problem: SmoothFunction = (x) => {
    const { value, gradient } = of(x.toArray() as number[]);
    return { value, gradient: tensor(gradient, float64) };
  };
  return scope(() => {
    const { x, ...rest } = lbfgs(problem, tensor(start, float64), { tolerance: 1e-10, ...options });
    return { x: x.toArray() as number[], ...rest };
  });
}

/** 1/2 x'Ax - b'x with a matrix of condition 10,000. */
const matrix = [
  [100, 3, 0],
  [3, 1, 0.1],
  [0, 0.1, 0.02],
];
const target = [1, -2, 0.5];
function quadratic(x: number[]) {
  const product = matrix.map((row) => row.reduce((sum, a, j) => sum + a * x[j]!, 0));
  return {
    value: x.reduce((sum, value, i) => sum + value * (product[i]! / 2 - target[i]!), 0),
    gradient: product.map((value, i) => value - target[i]!),
  };
}

function rosenbrock([x, y]: number[]) {
  const [a, b] = [1 - x!, y! - x! ** 2];
  return { value: a ** 2 + 100 * b ** 2, gradient: [-2 * a - 400 * x! * b, 200 * b] };
}

describe("L-BFGS", () => {
  it("solves the linear equations of a quadratic", () => {
    const { x, converged, iterations, value } = minimize(quadratic, [5, 5, 5]);
    expect(converged).toBe(true);
    expect(iterations).toBeLessThan(40);
    const product = matrix.map((row) => row.reduce((sum, a, j) => sum + a * x[j]!, 0));
    expectAllClose(product, target, { rtol: 1e-9 });
    expectAllClose(value, -x.reduce((sum, one, i) => sum + one * target[i]!, 0) / 2, { rtol: 1e-9 });
  });

  it("walks down Rosenbrock's valley to its one minimum", () => {
    const { x, converged, iterations } = minimize(rosenbrock, [-1.2, 1]);
    expect(converged).toBe(true);
    expect(iterations).toBeLessThan(60);
    expectAllClose(x, [1, 1], { rtol: 1e-9 });
  });

  it("comes back from where the function is no number", () => {
    const barrier = ([x]: number[]) => ({ value: x! - Math.log(x!), gradient: [1 - 1 / x!] });
    expectAllClose(minimize(barrier, [1e-6]).x, [1], { rtol: 1e-9 });
  });

  it("makes no more steps than allowed, none at a minimum, and says which it was", () => {
    expect(minimize(rosenbrock, [-1.2, 1], { iterations: 3 })).toMatchObject({ iterations: 3, converged: false });
    expect(minimize(rosenbrock, [1, 1])).toMatchObject({ iterations: 0, evaluations: 1, converged: true, value: 0 });
  });

  it("stops where no step descends, as when rounding hides what is left", () => {
    const contrary = ([x]: number[]) => ({ value: x!, gradient: [-1] });
    expect(minimize(contrary, [3])).toMatchObject({
      x: [3],
      value: 3,
      iterations: 0,
      evaluations: 41,
      converged: false,
    });
  });

  it("leaves the start as it is, and holds no tensor afterwards but the minimum", () => {
    const start = tensor([-1.2, 1], float64);
    const before = liveTensors();
    const problem: SmoothFunction = (x) => ({ value: x.square().sum().item(), gradient: x.mul(2) });
    const { x } = lbfgs(problem, start);
    expect(liveTensors()).toBe(before + 1);
    expect(start.toArray()).toEqual([-1.2, 1]);
    for (const held of [x, start]) held.release();
  });

  it("refuses options that are not positive, and a start where the function is not finite", () => {
    expect(() => minimize(quadratic, [0, 0, 0], { history: 0 })).toThrow(
      "`history`: received 0; expected a number above 0",
    );
    const nowhere = () => ({ value: Number.NaN, gradient: [0] });
    expect(() => minimize(nowhere, [0])).toThrow("the function must be finite at the start, is NaN");
  });
});
