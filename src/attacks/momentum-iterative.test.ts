import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { InputError } from "../errors.js";
import { keep, type Tensor, tensor } from "../torch/index.js";
import { momentumIterative } from "./index.js";

const centers = [
  [0.3, 0.5],
  [0.6, 0.4],
];

const weights = [
  [1, 2],
  [9, 3],
];
const at = (rows: number[][], j: number, d: number) => (rows[j] as number[])[d] as number;

/** z_j = -sum_d w_jd (x_d - c_jd)^2 of images of two pixels. */
const network = (images: Tensor) => {
  const away = images
    .flatten({ startDim: 1 })
    .unsqueeze(1)
    .sub(tensor(centers, { dtype: "float64" }));
  return away
    .square()
    .mul(tensor(weights, { dtype: "float64" }))
    .sum([2])
    .neg();
};

/** d(-log softmax(z)_0) / dx by hand: 2 p_1 (w_0 (x - c_0) - w_1 (x - c_1)). */
function plainGradient(x: number[]): number[] {
  const bowl = (j: number) =>
    x.reduce((sum, value, d) => sum - at(weights, j, d) * (value - at(centers, j, d)) ** 2, 0);
  const p1 = 1 / (1 + Math.exp(bowl(0) - bowl(1)));
  const slope = (j: number, d: number) => at(weights, j, d) * ((x[d] as number) - at(centers, j, d));
  return x.map((_, d) => 2 * p1 * (slope(0, d) - slope(1, d)));
}

describe("the momentum iterative method", () => {
  it("steps along the running sum of gradients, each at length 1 in the 1 norm, as a plain loop does", () => {
    const clean = [0.35, 0.6];
    const [steps, stepSize, decay, epsilon] = [5, 0.15, 0.7, 1];
    let x = clean;
    let sum = [0, 0];
    for (let step = 0; step < steps; step++) {
      const gradient = plainGradient(x);
      const size = gradient.reduce((total, value) => total + Math.abs(value), 0);
      sum = sum.map((value, d) => decay * value + (gradient[d] as number) / size);
      const length = Math.hypot(...sum);
      x = x.map((value, d) => value + (stepSize * (sum[d] as number)) / length);
    }
    const [along, across] = plainGradient(x) as [number, number];
    const angle = Math.atan2(across, along) - Math.atan2(sum[1] as number, sum[0] as number);
    expect(Math.abs(Math.sin(angle))).toBeGreaterThan(0.1);
    const images = tensor([clean], { dtype: "float64" }).reshape([1, 1, 1, 2]);
    const batch = { images, labels: tensor([0], { dtype: "int64" }), index: Int32Array.of(0) };
    const visited: Tensor[] = [];
    const watched = (point: Tensor) => {
      visited.push(keep(point.detach().clone()));
      return network(point);
    };
    momentumIterative({ ball: { norm: "2", epsilon }, steps, stepSize, decay }).perturb(watched, batch);
    expectAllClose((visited.at(-1) as Tensor).flatten(), x);
  });

  it("refuses steps, step sizes and decays out of range", () => {
    const ball = { norm: "inf", epsilon: 0.03 } as const;
    expect(() => momentumIterative({ ball, steps: 0 })).toThrow(
      "`steps`: received 0; expected a whole number of at least 1",
    );
    expect(() => momentumIterative({ ball, decay: -1 })).toThrow(InputError);
    expect(() => momentumIterative({ ball, stepSize: Number.NaN })).toThrow(
      "`stepSize`: received NaN; expected a number",
    );
  });
});
