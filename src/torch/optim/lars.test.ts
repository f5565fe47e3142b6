import { describe, expect, test } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { model, plainGradients, plainModel, trainModel } from "../../../test/support/small-model.js";
import { tensor } from "../create.js";
import { scope } from "../lifetime.js";
import { type LarsHyperparameters, lars } from "./lars.js";

const length = (values: readonly number[]) => Math.hypot(...values);

/** The same five steps in a plain loop, for each of the two parameters; vectors may be left out of decay and adaptation. */
function plainLars({ lr, momentum, weightDecay, trust, excludeVectors }: LarsHyperparameters): number[] {
  let parts = [plainModel().slice(0, 6), plainModel().slice(6)];
  let sums = parts.map((values) => values.map(() => 0));
  for (let step = 0; step < 5; step++) {
    const all = plainGradients(parts.flat());
    const gradients = [all.slice(0, 6), all.slice(6)];
    sums = parts.map((values, part) => {
      const adapted = part === 0 || !excludeVectors;
      const decay = adapted ? weightDecay : 0;
      const directions = values.map((value, i) => (gradients[part]?.[i] as number) + decay * value);
      const ratio = adapted ? (trust * length(values)) / length(directions) : 1;
      return directions.map((direction, i) => momentum * (sums[part]?.[i] as number) + ratio * direction);
    });
    parts = parts.map((values, part) => values.map((value, i) => value - lr * (sums[part]?.[i] as number)));
  }
  return parts.flat();
}

describe.each([
  ["with vectors left out", { lr: 0.5, momentum: 0.9, weightDecay: 0.1, trust: 0.02, excludeVectors: true }],
  ["with vectors adapted too", { lr: 0.5, momentum: 0.9, weightDecay: 0.1, trust: 0.02, excludeVectors: false }],
  ["without momentum and decay", { lr: 2, momentum: 0, weightDecay: 0, trust: 0.001, excludeVectors: true }],
])("lars %s", (_, hyper) => {
  test("takes the steps of a plain loop", () => {
    scope(() => {
      const parts = model();
      const optimizer = lars([parts.weight, parts.bias], hyper);
      expectAllClose(trainModel(parts, optimizer), plainLars(hyper), { rtol: 1e-12 });
    });
  });
});

test("lars leaves vectors out by group", () => {
  scope(() => {
    const hyper = { lr: 0.5, momentum: 0.9, weightDecay: 0.1, trust: 0.02 };
    const parts = model();
    const groups = [{ parameters: [parts.weight] }, { parameters: [parts.bias], excludeVectors: false }];
    expectAllClose(trainModel(parts, lars(groups, hyper)), plainLars({ ...hyper, excludeVectors: false }), {
      rtol: 1e-12,
    });
  });
});

test("lars moves a parameter by the trust's fraction of its norm, however large the gradient", () => {
  scope(() => {
    for (const size of [1e-3, 1, 1e3]) {
      const parameter = tensor([[3, 4]], { dtype: "float64", requiresGrad: true });
      parameter.grad = tensor([[0, size]], { dtype: "float64" });
      lars([parameter], { lr: 2 }).step();
      expectAllClose(parameter, [[3, 4 - 2 * 0.001 * 5]], { rtol: 1e-12 });
    }
  });
});

test("lars takes a ratio of one where the parameter or the gradient is zero", () => {
  scope(() => {
    const zero = tensor([[0, 0]], { dtype: "float64", requiresGrad: true });
    const still = tensor([[1, 2]], { dtype: "float64", requiresGrad: true });
    zero.grad = tensor([[1, 2]], { dtype: "float64" });
    still.grad = tensor([[0, 0]], { dtype: "float64" });
    lars([zero, still], { lr: 0.5 }).step();
    expectAllClose([zero, still], [[[-0.5, -1]], [[1, 2]]]);
  });
});

test("bad options of lars are refused in one line", () => {
  using parameter = tensor([1]);
  expect(() => lars([parameter], { lr: 1, trust: 0 })).toThrow(
    new RangeError("`trust`: received 0; expected a number above 0"),
  );
  expect(() => lars([parameter], { lr: 1, momentum: -1 })).toThrow(
    new RangeError("`momentum`: received -1; expected a number of at least 0 and below 1"),
  );
});
