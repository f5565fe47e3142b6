import { describe, expect, test } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { type Model, model, plainGradients, plainModel, trainModel } from "../../../test/support/small-model.js";
import { tensor } from "../create.js";
import { scope } from "../lifetime.js";
import { type AdamHyperparameters, adam, adamW } from "./adam.js";
import type { Optimizer } from "./types.js";

interface Plain extends AdamHyperparameters {
  readonly decoupled: boolean;
}

/** The same five steps in a plain loop; `hyper` gives each of the eight numbers' hyperparameters. */
function plainAdam(hyper: (i: number) => Plain): number[] {
  const values = plainModel();
  const means = values.map(() => 0);
  const squares = values.map(() => 0);
  for (let step = 1; step <= 5; step++) {
    plainGradients(values).forEach((gradient, i) => {
      const { lr, betas, epsilon, weightDecay, decoupled } = hyper(i);
      const before = values[i] as number;
      const d = decoupled ? gradient : gradient + weightDecay * before;
      const mean = betas[0] * (means[i] as number) + (1 - betas[0]) * d;
      const square = betas[1] * (squares[i] as number) + (1 - betas[1]) * d * d;
      means[i] = mean;
      squares[i] = square;
      const move = mean / (1 - betas[0] ** step) / (Math.sqrt(square / (1 - betas[1] ** step)) + epsilon);
      values[i] = before * (decoupled ? 1 - lr * weightDecay : 1) - lr * move;
    });
  }
  return values;
}

const coupled: Plain = { lr: 0.05, betas: [0.8, 0.95], epsilon: 1e-6, weightDecay: 0.05, decoupled: false };
const decoupled: Plain = { lr: 0.05, betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0.1, decoupled: true };

interface Case {
  readonly name: string;
  readonly make: (parts: Model) => Optimizer;
  readonly hyper: (i: number) => Plain;
  /** Of torch.optim.Adam and AdamW, PyTorch 1.13. */
  readonly pytorch: readonly number[];
}

const cases: readonly Case[] = [
  {
    name: "adam",
    make: ({ weight, bias }) =>
      adam([weight, bias], { lr: 0.05, betas: [0.8, 0.95], epsilon: 1e-6, weightDecay: 0.05 }),
    hyper: () => coupled,
    pytorch: [
      0.24853909323632167, -0.7478872626804077, 1.7491619736742647, 1.6961607697447216, 0.009420785807271355,
      -0.5153289328920915, 0.35103928959128616, 0.02873261275614314,
    ],
  },
  {
    name: "adamW",
    make: ({ weight, bias }) =>
      adamW([{ parameters: [weight] }, { parameters: [bias], weightDecay: 0 }], { lr: 0.05, weightDecay: 0.1 }),
    hyper: (i) => ({ ...decoupled, weightDecay: i < 6 ? 0.1 : 0 }),
    pytorch: [
      0.24343848251308625, -0.7310252223870088, 1.7047042350509947, 1.6843246443624234, 0.002956674421637849,
      -0.4964902519724493, 0.3465589257544755, 0.032441613452871124,
    ],
  },
];

describe.each(cases)("$name", ({ make, hyper, pytorch }) => {
  test("takes the steps of a plain loop", () => {
    scope(() => {
      const parts = model();
      expectAllClose(trainModel(parts, make(parts)), plainAdam(hyper), { rtol: 1e-12 });
    });
  });

  test("takes PyTorch's steps", () => {
    scope(() => {
      const parts = model();
      expectAllClose(trainModel(parts, make(parts)), pytorch, { rtol: 1e-13 });
    });
  });
});

test("adamW decays by a hundredth by default, adam not at all", () => {
  using parameter = tensor([1]);
  expect(adamW([parameter], { lr: 1 }).groups[0]?.weightDecay).toBe(0.01);
  expect(adam([parameter], { lr: 1 }).groups[0]?.weightDecay).toBe(0);
});

test("a parameter that missed steps has separate bias corrections", () => {
  scope(() => {
    const early = tensor([1], { dtype: "float64", requiresGrad: true });
    const late = tensor([1], { dtype: "float64", requiresGrad: true });
    const optimizer = adam([early, late], { lr: 0.1, epsilon: 1e-12 });
    early.grad = tensor([2], { dtype: "float64" });
    optimizer.step();
    late.grad = tensor([5], { dtype: "float64" });
    optimizer.step();
    // A first step is `lr` along the gradient's sign, whatever its size; a second by the same gradient too.
    expectAllClose([early, late], [[0.8], [0.9]], { rtol: 1e-9 });
  });
});

describe("bad options of adam", () => {
  test.each([
    [{ lr: 1, betas: [1, 0.9] as const }, "`betas[0]`: received 1; expected a number of at least 0 and below 1"],
    [{ lr: 1, betas: [0.9, -1] as const }, "`betas[1]`: received -1; expected a number of at least 0 and below 1"],
    [{ lr: 1, epsilon: 0 }, "`epsilon`: received 0; expected a number above 0"],
    [{ lr: Number.POSITIVE_INFINITY }, "`lr`: received Infinity; expected a number of at least 0"],
  ])("are refused in one line (%#)", (options, message) => {
    using parameter = tensor([1]);
    expect(() => adam([parameter], options)).toThrow(new RangeError(message));
    expect(() => adamW([parameter], options)).toThrow(new RangeError(message));
  });
});
