// Properties of tensors, and their release.
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { liveTensors, ops, Tensor, tensor } from "./index.js";

describe("a tensor", () => {
  test("has a shape, size, strides, element type and device", () => {
    using x = ops.zeros([2, 3, 4], { dtype: "float64" });
    expect([x.shape, x.size, x.strides, x.dtype, x.device]).toEqual([[2, 3, 4], 24, [12, 4, 1], "float64", "cpu"]);
    expect(inspect(x)).toBe("Tensor(float64 [2, 3, 4] on cpu)");
  });

  test("gives its one element by item()", () => {
    expect(tensor([[2.5]]).item()).toBe(2.5);
    expect(tensor(new BigInt64Array([-5n])).item()).toBe(-5);
    expect(tensor(true).item<boolean>()).toBe(true);
    expect(tensor(0.1, { dtype: "bfloat16" }).item()).toBe(0.10009765625);
    expect(() => tensor([1, 2]).item()).toThrow("item() takes a tensor of one element, received 2");
  });

  test("is itself where to() changes nothing, and another where it does", () => {
    using x = tensor([1.5, -2.5]);
    expect(x.to("float32")).toBe(x);
    expect(x.to("cpu")).toBe(x);
    using integers = x.to("int32");
    expect([integers.dtype, integers.toArray()]).toEqual(["int32", [1, -2]]);
    expect(() => x.to("float31" as never)).toThrow('unknown dtype "float31"');
    expect(() => x.to("meta")).toThrow('unknown device "meta"; expected cpu, cuda or cuda:N');
  });

  test("takes over another's elements and stays the same tensor", () => {
    using x = tensor([1, 2], { requiresGrad: true });
    using y = tensor([3, 4]);
    x.setData(y);
    expect([x.toArray(), x.requiresGrad]).toEqual([[3, 4], true]);
  });

  test("is not made by new", () => {
    expect(() => new Tensor({} as never)).toThrow("a Tensor is made by tensor(...) or by an operator, not by new");
    expect(() => new Tensor(undefined as never)).toThrow(TypeError);
  });
});

describe("a released tensor", () => {
  const said = "this tensor was released when its scope ended; return it from the scope or keep() it there";

  test("says so wherever it is used", () => {
    const x = tensor([1, 2]);
    const y = tensor([1, 2]);
    x.release();
    expect(x.released).toBe(true);
    expect(inspect(x)).toBe("Tensor(released)");
    expect(() => x.shape).toThrow(said);
    expect(() => x.data()).toThrow(said);
    expect(() => x.backward()).toThrow(said);
    expect(() => y.add(x)).toThrow(`add: ${said}`);
    expect(() => ops.cat([y, x])).toThrow(`cat: ${said}`);
    y.release();
  });

  test("is released once, and its memory may live on in others", () => {
    const before = liveTensors();
    const x = tensor([1, 2, 3]);
    const view = x.slice({ start: 1 });
    x.release();
    x.release();
    expect(view.toArray()).toEqual([2, 3]);
    view.release();
    expect(liveTensors()).toBe(before);
  });
});
