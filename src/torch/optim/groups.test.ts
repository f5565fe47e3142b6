import { describe, expect, test } from "vitest";
import { tensor } from "../create.js";
import { scope } from "../lifetime.js";
import type { Tensor } from "../tensor.js";
import { sgd } from "./sgd.js";

describe("parameters", () => {
  test("may come from any iterable", () => {
    scope(() => {
      const parameter = tensor([1]);
      parameter.grad = tensor([1]);
      const optimizer = sgd(new Set([parameter]), { lr: 0.5 });
      optimizer.step();
      expect(parameter.item()).toBe(0.5);
      expect(optimizer.groups[0]?.parameters).toEqual([parameter]);
    });
  });

  test("refuse the result of an operator, and take a value that is not given as the default", () => {
    const result = tensor([1], { requiresGrad: true }).to("float64");
    expect([result.isLeaf, tensor([1], { requiresGrad: true }).isLeaf]).toEqual([false, true]);
    expect(() => sgd([result], { lr: 0.1 })).toThrow(
      "`parameters[0]`: received the result of an operator; expected a tensor made with requiresGrad",
    );
    const parameters = [tensor([1], { requiresGrad: true })];
    const group = { parameters, lr: undefined, weightDecay: undefined } as unknown as { parameters: Tensor[] };
    expect(() => sgd([group], { lr: 0.1 })).not.toThrow();
  });

  test("are refused where there are none, where one comes twice, and where one is no tensor", () => {
    using parameter = tensor([1]);
    const make = (given: unknown) => () => sgd(given as Tensor[], { lr: 1 });
    expect(make([])).toThrow(new RangeError("parameters must hold at least one tensor, received none"));
    expect(make([{ parameters: [] }])).toThrow(
      new RangeError("parameters must hold at least one tensor, received none"),
    );
    expect(make([parameter, parameter])).toThrow(
      new RangeError("`parameters[1]`: received the same tensor twice; expected each once"),
    );
    expect(make([{ parameters: [parameter] }, { parameters: [parameter] }])).toThrow("the same tensor twice");
    expect(make([parameter, 3])).toThrow(new RangeError("`parameters[1]`: received number; expected a tensor"));
    expect(make([{ lr: 1 }])).toThrow(
      "`parameters`: received undefined; expected tensors, or groups with a list of them",
    );
  });

  test("with another rate need a default rate that theirs is in proportion to", () => {
    using parameter = tensor([1]);
    expect(() => sgd([{ parameters: [parameter], lr: 1 }], { lr: 0 })).toThrow(
      new RangeError("`lr`: received 0; expected a number above 0, since a group has another"),
    );
  });
});
