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

  test("are refused where there are none, where one comes twice, and where one is no tensor", () => {
    using parameter = tensor([1]);
    const make = (given: unknown) => () => sgd(given as Tensor[], { lr: 1 });
    expect(make([])).toThrow(new RangeError("parameters must hold at least one tensor, received none"));
    expect(make([{ parameters: [] }])).toThrow(
      new RangeError("parameters must hold at least one tensor, received none"),
    );
    expect(make([parameter, parameter])).toThrow(new RangeError("parameters[1] must be given once, received it twice"));
    expect(make([{ parameters: [parameter] }, { parameters: [parameter] }])).toThrow("received it twice");
    expect(make([parameter, 3])).toThrow(new RangeError("parameters[1] must be a tensor, received number"));
    expect(make([{ lr: 1 }])).toThrow("parameters must be tensors, or groups with a list of them, received undefined");
  });

  test("with a rate of their own need a rate that theirs is in proportion to", () => {
    using parameter = tensor([1]);
    expect(() => sgd([{ parameters: [parameter], lr: 1 }], { lr: 0 })).toThrow(
      new RangeError("lr must be a number over 0 where a group has its own, received 0"),
    );
  });
});
