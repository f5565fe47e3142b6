// What every optimizer must do, whatever its method.
import { describe, expect, test } from "vitest";
import { model, modelLoss, trainModel } from "../../../test/support/small-model.js";
import { tensor } from "../create.js";
import { keep, liveTensors, scope } from "../lifetime.js";
import type { Tensor } from "../tensor.js";
import { adam, adamW, lars, type Optimizer, sgd } from "./index.js";

type Make = (parameters: readonly Tensor[]) => Optimizer;

const optimizers: readonly { readonly name: string; readonly make: Make }[] = [
  { name: "sgd without momentum", make: (parameters) => sgd(parameters, { lr: 0.1 }) },
  { name: "sgd", make: (parameters) => sgd(parameters, { lr: 0.1, momentum: 0.9, weightDecay: 5e-4 }) },
  { name: "adam", make: (parameters) => adam(parameters, { lr: 0.1, weightDecay: 5e-4 }) },
  { name: "adamW", make: (parameters) => adamW(parameters, { lr: 0.1 }) },
  { name: "lars", make: (parameters) => lars(parameters, { lr: 0.1, weightDecay: 5e-4 }) },
];

const image = (): Tensor => tensor([[[[1, 2]], [[3, 4]]]], { requiresGrad: true }).to("float32");

describe.each(optimizers)("$name", ({ make }) => {
  test("goes on from a copied state to the bit", () => {
    scope(() => {
      const uninterrupted = model("float32");
      const through = make([uninterrupted.weight, uninterrupted.bias]);
      trainModel(uninterrupted, through, 3);
      through.lr = 0.03;
      const state = through.state();
      const copy = {
        weight: tensor(uninterrupted.weight.data(), { shape: [2, 3] }),
        bias: tensor(uninterrupted.bias.data()),
      };
      const later = trainModel(uninterrupted, through, 4);

      copy.weight.requiresGrad = true;
      copy.bias.requiresGrad = true;
      const resumed = make([copy.weight, copy.bias]);
      resumed.load(state);
      expect(resumed.lr).toBe(0.03);
      expect(trainModel(copy, resumed, 4)).toEqual(later);
    });
  });

  test("keeps as many tensors after a thousand steps as after one", () => {
    const parts = keep(model("float32"));
    const optimizer = make([parts.weight, parts.bias]);
    const step = () => scope(() => trainModel(parts, optimizer, 1));
    step();
    const before = liveTensors();
    for (let i = 0; i < 1000; i++) step();
    expect(liveTensors()).toBe(before);
  });

  test("gives its buffers back on release, and starts again", () => {
    const parts = keep(model("float32"));
    const before = liveTensors();
    const optimizer = make([parts.weight, parts.bias]);
    const first = scope(() => trainModel(parts, optimizer, 3));
    optimizer.zeroGrad();
    optimizer.release();
    expect(liveTensors()).toBe(before);
    scope(() => {
      const fresh = model("float32");
      for (const name of ["weight", "bias"] as const) parts[name].setData(fresh[name]);
      expect(trainModel(parts, optimizer, 3)).toEqual(first);
    });
    for (const part of [parts.weight, parts.bias]) part.release();
  });

  test("leaves a parameter without a gradient as it is, and remembers nothing of it", () => {
    scope(() => {
      const [used, unused] = [tensor([1, 2]), tensor([3, 4])];
      used.grad = tensor([1, 1]);
      const optimizer = make([unused, used]);
      optimizer.step();
      expect(unused.toArray()).toEqual([3, 4]);
      expect(used.toArray()).not.toEqual([1, 2]);
      const state = optimizer.state();
      expect(state.get("step")?.toArray()).toEqual([0, 1]);
      expect([...state.keys()].filter((name) => name.endsWith(".0"))).toEqual([]);
      const resumed = make([unused, used]);
      resumed.load(state);
      expect([...resumed.state().keys()]).toEqual([...state.keys()]);
    });
  });

  test("does nothing where there are no gradients at all", () => {
    scope(() => {
      const parameter = tensor([1, 2], { requiresGrad: true });
      make([parameter]).step();
      expect(parameter.toArray()).toEqual([1, 2]);
    });
  });

  test("hands out a copy that later steps leave alone", () => {
    scope(() => {
      const parts = model();
      const optimizer = make([parts.weight, parts.bias]);
      trainModel(parts, optimizer, 1);
      const state = optimizer.state();
      const before = new Map([...state].map(([name, value]) => [name, value.toArray()]));
      trainModel(parts, optimizer, 2);
      expect(new Map([...state].map(([name, value]) => [name, value.toArray()]))).toEqual(before);
    });
  });

  test("updates parameters that lie in memory as images do", () => {
    scope(() => {
      const rows = image();
      const last = keep(image().detach().contiguous({ memoryFormat: "channels_last" }));
      last.requiresGrad = true;
      for (const parameter of [rows, last]) {
        parameter.grad = tensor([[[[1, -2]], [[0.5, 3]]]]);
        const optimizer = make([parameter]);
        optimizer.step();
        optimizer.load(optimizer.state());
        optimizer.step();
      }
      expect(last.toArray()).toEqual(rows.toArray());
      last.release();
    });
  });
});

describe("gradients", () => {
  test("are dropped by zeroGrad, and gather until then", () => {
    scope(() => {
      const parts = model();
      const optimizer = sgd([parts.weight, parts.bias], { lr: 0.1 });
      modelLoss(parts).backward();
      const once = parts.bias.grad?.toArray() as number[];
      modelLoss(parts).backward();
      expect(parts.bias.grad?.toArray()).toEqual(once.map((value) => 2 * value));
      optimizer.zeroGrad();
      expect([parts.weight.grad, parts.bias.grad]).toEqual([null, null]);
    });
  });
});

describe("the learning rate", () => {
  test("is set for every group, that of a group in proportion", () => {
    scope(() => {
      const [a, b] = [tensor([1]), tensor([2])];
      const optimizer = sgd([{ parameters: [a] }, { parameters: [b], lr: 0.3 }], { lr: 0.1 });
      const rates = () => optimizer.groups.map(({ lr }) => lr);
      expect([optimizer.lr, ...rates()]).toEqual([0.1, 0.1, 0.3]);
      optimizer.lr = 0;
      expect(rates()).toEqual([0, 0]);
      optimizer.lr = 0.2;
      expect([optimizer.lr, ...rates()]).toEqual([0.2, 0.2, 0.6]);
    });
  });

  test("cannot be set below zero", () => {
    using parameter = tensor([1]);
    const optimizer = sgd([parameter], { lr: 0.1 });
    expect(() => {
      optimizer.lr = -1;
    }).toThrow(new RangeError("`lr`: received -1; expected a number of at least 0"));
    expect(optimizer.lr).toBe(0.1);
  });

  test("takes part in the step by its group's value", () => {
    scope(() => {
      const [a, b] = [tensor([1]), tensor([1])];
      a.grad = tensor([1]);
      b.grad = tensor([1]);
      const optimizer = sgd([{ parameters: [a] }, { parameters: [b], lr: 0.5 }], { lr: 0.25 });
      optimizer.lr = 0.125;
      optimizer.step();
      expect([a.item(), b.item()]).toEqual([0.875, 0.75]);
    });
  });
});
