import { describe, expect, test } from "vitest";
import { model, trainModel } from "../../../test/support/small-model.js";
import { tensor } from "../create.js";
import { liveTensors, scope } from "../lifetime.js";
import type { Tensor } from "../tensor.js";
import { adam, sgd } from "./index.js";

describe("the state", () => {
  test("is a flat dictionary: rate, steps, and the buffers by their parameter's number", () => {
    scope(() => {
      const parts = model();
      const optimizer = adam([parts.weight, parts.bias], { lr: 0.1 });
      trainModel(parts, optimizer, 2);
      const state = optimizer.state();
      expect([...state.keys()]).toEqual(["lr", "step", "mean.0", "square.0", "mean.1", "square.1"]);
      expect([...state.values()].map(({ dtype }) => dtype).slice(0, 2)).toEqual(["float64", "int64"]);
      expect(state.get("step")?.toArray()).toEqual([2, 2]);
      expect(state.get("square.1")?.shape).toEqual([2]);
    });
  });

  test("holds the first gradient as the momentum's first value", () => {
    scope(() => {
      const parameter = tensor([1, 2]);
      parameter.grad = tensor([3, -4]);
      const optimizer = sgd([parameter], { lr: 0.1, momentum: 0.9 });
      optimizer.step();
      expect(optimizer.state().get("momentum.0")?.toArray()).toEqual([3, -4]);
    });
  });

  test("that is another optimizer's is refused by name, and changes nothing", () => {
    scope(() => {
      const parameter = tensor([1, 2]);
      parameter.grad = tensor([1, 1]);
      const optimizer = sgd([parameter], { lr: 0.1, momentum: 0.9 });
      optimizer.step();
      const good = optimizer.state();
      const without = (name: string) => new Map([...good].filter(([key]) => key !== name));
      const refusals: [ReadonlyMap<string, Tensor>, string][] = [
        [new Map(), 'the optimizer\'s state must have "lr", received nothing'],
        [without("momentum.0"), 'the optimizer\'s state must have "momentum.0", received lr, step'],
        [
          new Map([...good, ["mean.0", tensor([1, 2])]]),
          'the optimizer\'s state must have only lr, step, momentum.0, received "mean.0" too',
        ],
        [new Map([...good, ["momentum.0", tensor([1])]]), '"momentum.0" must have the shape [2], received [1]'],
        [new Map([...good, ["step", tensor([1, 2])]]), '"step" must have the shape [1], received [2]'],
      ];
      for (const [state, message] of refusals) expect(() => optimizer.load(state)).toThrow(new RangeError(message));
      expect(optimizer.state().get("momentum.0")?.toArray()).toEqual([1, 1]);
    });
  });

  test("loaded again and again keeps no tensors", () => {
    scope(() => {
      const parts = model();
      const optimizer = adam([parts.weight, parts.bias], { lr: 0.1 });
      trainModel(parts, optimizer, 1);
      const before = liveTensors();
      for (let i = 0; i < 10; i++) scope(() => optimizer.load(optimizer.state()));
      expect(liveTensors()).toBe(before);
    });
  });
});

test.each([
  ["lr", () => tensor(-1, { dtype: "float64" }), "`lr`: received -1"],
  ["step", () => tensor(BigInt64Array.of(-3n)), "whole numbers of at least 0, received -3"],
] as const)("a state with another %s leaves all as it was", (name, value, message) => {
  using parameter = tensor([1], { requiresGrad: true });
  const optimizer = sgd([parameter], { lr: 0.1, momentum: 0.9 });
  parameter.mul(2).sum().backward();
  optimizer.step();
  const state = new Map(optimizer.state()).set("momentum.0", tensor([100])).set(name, value());
  expect(() => optimizer.load(state)).toThrow(message);
  expect(optimizer.state().get("momentum.0")?.item()).toBe(2);
});
