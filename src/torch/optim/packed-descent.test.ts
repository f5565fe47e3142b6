// SGD by the packed kernels against SGD by stock operators, and against the packed weights that it leaves behind.
import { describe, expect, test } from "vitest";
import { packedKernels } from "../devices.js";
import { keep, manualSeed, nn, noGrad, ops, optim, scope, type Tensor } from "../index.js";

const shapes = [[33, 20, 3, 3], [64, 64, 3, 3], [70], [10, 513]];

function parameters(): Tensor[] {
  manualSeed(3);
  return shapes.map((shape) => {
    const values = ops.randn(shape);
    const parameter = shape.length === 4 ? values.contiguous({ memoryFormat: "channels_last" }) : values;
    parameter.requiresGrad = true;
    return parameter;
  });
}

/** Five steps along drawn gradients: the parameters, and the norms that the steps handed back. */
function descend(kernels: "auto" | "stock", options: optim.SgdOptions) {
  const trained = parameters();
  const optimizer = optim.sgd(trained, options);
  const norms = [1, 2, 3, 4, 5].map((seed) => {
    manualSeed(seed);
    for (const parameter of trained) parameter.grad = noGrad(() => ops.emptyLike(parameter).normal_());
    return nn.withKernels(kernels, () => optimizer.step());
  });
  const length = Math.hypot(...trained.map(({ grad }) => grad?.norm().item() ?? 0));
  optimizer.release();
  return { values: trained.map((parameter) => parameter.data()), norms, length };
}

describe.skipIf(packedKernels().length === 0)("packed descent, skipped where this CPU or build has none", () => {
  test.each([
    { lr: 0.1 },
    { lr: 0.1, momentum: 0.9 },
    { lr: 0.1, momentum: 0.9, weightDecay: 5e-4 },
    { lr: 0.03, momentum: 0.9, weightDecay: 5e-4, nesterov: true },
  ])("gives the stock operators' numbers, bit for bit, with %o", (options) => {
    scope(() => {
      const [packed, stock] = [descend("auto", options), descend("stock", options)];
      expect(packed.values).toEqual(stock.values);
      expect(stock.norms).toEqual([null, null, null, null, null]);
      expect(packed.norms.at(-1)).toBeCloseTo(packed.length, 3);
    });
  });

  test("hands back that a gradient is not finite", () => {
    scope(() => {
      const [weight] = parameters() as [Tensor];
      weight.grad = ops.fullLike(weight, Number.NaN);
      expect(optim.sgd([weight], { lr: 0.1 }).step()).toBeNaN();
    });
  });
});

describe.skipIf(packedKernels().length === 0)("packed weights, skipped where this CPU or build has no kernels", () => {
  const conv = new nn.Conv2d(64, 64, 3, { padding: 1, bias: false });
  const trunk = new nn.Trunk((maps) => maps.convolve(conv), "maps");
  const images = keep(ops.ones([2, 64, 5, 5]));
  const length = () =>
    noGrad(() => scope(() => nn.withPrecision("bfloat16", () => trunk.forward(images).norm().item())));

  test("follow a parameter whose memory is exchanged, also for memory that it had before", () => {
    const before = length();
    for (const factor of [2, 4, 8, 16]) {
      scope(() => noGrad(() => conv.weight.setData(conv.weight.mul(2))));
      expect(length() / before).toBeCloseTo(factor, 1);
    }
    scope(() => noGrad(() => conv.weight.setData(conv.weight.div(16))));
  });

  test("follow steps, in either layout of the parameter, and changes in place", () => {
    for (const layout of ["channels_last", "contiguous"] as const) {
      conv.to(layout);
      const before = length();
      scope(() => {
        conv.weight.grad = noGrad(() => ops.clone(conv.weight.detach()));
        optim.sgd([conv.weight], { lr: 0.5 }).step();
      });
      expect(length() / before).toBeCloseTo(0.5, 1);
      noGrad(() => scope(() => void conv.weight.mul_(2)));
      expect(length() / before).toBeCloseTo(1, 1);
    }
  });

  test("that a graph went forward with are those that it goes back with", () => {
    scope(() => {
      const input = ops.ones([2, 64, 5, 5]);
      input.requiresGrad = true;
      const gradientAfter = (change: () => void) => {
        const sum = nn.withPrecision("bfloat16", () => trunk.forward(input).sum());
        change();
        input.grad = null;
        sum.backward();
        return input.grad as Tensor | null;
      };
      const step = () => {
        conv.weight.grad = noGrad(() => ops.ones(conv.weight.shape));
        optim.sgd([conv.weight], { lr: 1 }).step();
      };
      const undisturbed = gradientAfter(() => {})?.data();
      expect(gradientAfter(step)?.data()).toEqual(undisturbed);
      expect(gradientAfter(() => {})?.data()).not.toEqual(undisturbed);
    });
  });
});

test("parameters may change their memory format, and lie in memory with gaps", () => {
  const step = (kernels: "stock" | "auto") =>
    nn.withKernels(kernels, () => {
      manualSeed(4);
      const layer = new nn.Conv2d(3, 4, 3);
      const gaps = ops.ones([4, 4]).slice({ dim: 1, end: 2 });
      gaps.requiresGrad = true;
      const optimizer = optim.sgd([...layer.parameters(), gaps], { lr: 0.1, momentum: 0.9 });
      const images = ops.randn([1, 3, 5, 5]);
      for (const format of ["channels_last", "contiguous"] as const) {
        optimizer.zeroGrad();
        layer.forward(images).square().sum().add(gaps.sum()).backward();
        optimizer.step();
        layer.to(format);
      }
      return [...layer.parameters(), gaps].map((parameter) => parameter.toArray());
    });
  expect(step("auto")).toEqual(step("stock"));
});
