import { describe, expect, test } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { type Model, model, plainGradients, plainModel, trainModel } from "../../../test/support/small-model.js";
import { tensor } from "../create.js";
import { scope } from "../lifetime.js";
import { type SgdHyperparameters, sgd } from "./sgd.js";
import type { Optimizer } from "./types.js";

/** The same five steps in a plain loop; `hyper` gives each of the eight numbers' hyperparameters. */
function plainSgd(hyper: (i: number) => SgdHyperparameters): number[] {
  const values = plainModel();
  const sums = values.map(() => 0);
  for (let step = 0; step < 5; step++) {
    plainGradients(values).forEach((gradient, i) => {
      const { lr, momentum, nesterov, weightDecay } = hyper(i);
      const direction = gradient + weightDecay * (values[i] as number);
      const sum = step === 0 ? direction : momentum * (sums[i] as number) + direction;
      sums[i] = sum;
      values[i] = (values[i] as number) - lr * (nesterov ? direction + momentum * sum : sum);
    });
  }
  return values;
}

const plain = { lr: 0.1, momentum: 0, nesterov: false, weightDecay: 0 };
const heavy = { lr: 0.1, momentum: 0.9, nesterov: false, weightDecay: 0.05 };
const ahead = { lr: 0.1, momentum: 0.8, nesterov: true, weightDecay: 0.05 };
const bias = { lr: 0.02, weightDecay: 0 };

interface Case {
  readonly name: string;
  readonly make: (parts: Model) => Optimizer;
  readonly hyper: (i: number) => SgdHyperparameters;
  /** Of torch.optim.SGD, PyTorch 1.13. */
  readonly pytorch: readonly number[];
}

const cases: readonly Case[] = [
  {
    name: "plain",
    make: ({ weight, bias }) => sgd([weight, bias], plain),
    hyper: () => plain,
    pytorch: [
      0.23960528081995294, -0.8569253247681947, 1.992186425316659, 1.5347976890842359, 0.09834035925005633,
      -0.44340836462930056, 0.23526110054846427, -0.045068005379244214,
    ],
  },
  {
    name: "with momentum and decay",
    make: ({ weight, bias }) => sgd([weight, bias], heavy),
    hyper: () => heavy,
    pytorch: [
      -0.29041294875728785, -0.517935666479315, 1.847074365139396, 1.3585939986409885, -0.1013746352706278,
      -0.20032900107876098, 0.4875923955753935, -0.02118820198782615,
    ],
  },
  {
    name: "with Nesterov momentum and a group without decay",
    make: (parts) => sgd([{ parameters: [parts.weight] }, { parameters: [parts.bias], ...bias }], ahead),
    hyper: (i) => (i < 6 ? ahead : { ...ahead, ...bias }),
    pytorch: [
      -0.384626039147924, -0.4634284013397525, 1.8317306300379737, 1.136601200037327, -0.3808374163661242,
      -0.2011653907232985, 0.18898656363586416, -0.22142893179291498,
    ],
  },
];

describe.each(cases)("sgd $name", ({ make, hyper, pytorch }) => {
  test("takes the steps of a plain loop", () => {
    scope(() => {
      const parts = model();
      expectAllClose(trainModel(parts, make(parts)), plainSgd(hyper), { rtol: 1e-12 });
    });
  });

  test("takes PyTorch's steps", () => {
    scope(() => {
      const parts = model();
      expectAllClose(trainModel(parts, make(parts)), pytorch, { rtol: 1e-13 });
    });
  });
});

test("sgd leaves the gradients as they are", () => {
  scope(() => {
    const parameter = tensor([1, 2], { requiresGrad: true });
    parameter.grad = tensor([3, 4]);
    sgd([parameter], { lr: 0.5, momentum: 0.5, nesterov: true, weightDecay: 0.5 }).step();
    expect(parameter.grad?.toArray()).toEqual([3, 4]);
  });
});

describe("bad options of sgd", () => {
  test.each([
    [{ lr: -0.1 }, "`lr`: received -0.1; expected a number of at least 0"],
    [{ lr: 0.1, momentum: 1 }, "`momentum`: received 1; expected a number of at least 0 and below 1"],
    [{ lr: 0.1, weightDecay: Number.NaN }, "`weightDecay`: received NaN; expected a number of at least 0"],
    [{ lr: 0.1, nesterov: true }, "`momentum`: received 0; expected a number above 0 for `nesterov`"],
  ])("are refused in one line (%#)", (options, message) => {
    using parameter = tensor([1]);
    expect(() => sgd([parameter], options)).toThrow(new RangeError(message));
    expect(() => sgd([{ parameters: [parameter], ...options }], { lr: 1 })).toThrow(new RangeError(message));
  });
});
