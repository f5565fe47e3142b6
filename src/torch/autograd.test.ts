// Derivatives: accumulated, handed out, of second order; and the modes that switch them.
import { describe, expect, test } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { autocast, enableGrad, grad, noGrad, ops, type Tensor, tensor } from "./index.js";

const variable = (values: number[] | number[][]) => tensor(values, { dtype: "float64", requiresGrad: true });
const cube = (x: Tensor) => x.mul(x).mul(x).sum();

describe("backward", () => {
  test("adds to .grad at every call", () => {
    const x = variable([1, 2, 3]);
    expect(x.grad).toBeNull();
    cube(x).backward();
    expect(x.grad?.toArray()).toEqual([3, 12, 27]);
    cube(x).backward();
    expect(x.grad?.toArray()).toEqual([6, 24, 54]);
    x.grad = null;
    expect(x.grad).toBeNull();
  });

  test("weighs a result that is no scalar by the gradient given", () => {
    const x = variable([1, 2]);
    x.mul(x).backward({ gradient: tensor([10, 0.5], { dtype: "float64" }) });
    expect(x.grad?.toArray()).toEqual([20, 2]);
    expect(() => x.mul(x).backward()).toThrow("grad can be implicitly created only for scalar outputs");
    expect(() => x.mul(x).backward({ gradient: tensor([1, 2, 3]) })).toThrow(
      /invalid gradient at index 0|Mismatch in shape/,
    );
  });

  test("frees the graph by default", () => {
    const x = variable([2]);
    const kept = cube(x);
    kept.backward({ retainGraph: true });
    kept.backward();
    expect(x.grad?.toArray()).toEqual([24]);
    expect(() => kept.backward()).toThrow(/Trying to backward through the graph a second time/);
  });

  test("takes a custom gradient for .grad, and refuses one of another shape", () => {
    const x = variable([1, 2]);
    x.grad = tensor([5, 6], { dtype: "float64" });
    cube(x).backward();
    expect(x.grad?.toArray()).toEqual([8, 18]);
    expect(() => {
      x.grad = tensor([1, 2, 3], { dtype: "float64" });
    }).toThrow("a gradient has its tensor's shape [2], received [3]");
    expect(() => {
      x.grad = tensor([1, 2]);
    }).toThrow("a gradient has its tensor's element type float64, received float32");
    expect(x.grad?.toArray()).toEqual([8, 18]);
  });
});

describe("grad", () => {
  test("hands out the derivatives and leaves .grad alone; null for what takes no part", () => {
    const [x, y, unused] = [variable([1, 2]), variable([3, 4]), variable([5])];
    const [dx, dy, none] = grad(x.mul(y).sum(), [x, y, unused]);
    expect([dx?.toArray(), dy?.toArray(), none]).toEqual([[3, 4], [1, 2], null]);
    expect(x.grad).toBeNull();
  });

  test("sums over several outputs, weighted by gradOutputs", () => {
    const x = variable([1, 2]);
    const weights = [tensor([1, 10], { dtype: "float64" }), tensor(3, { dtype: "float64" })];
    const [dx] = grad([x.mul(x), x.sum()], x, { gradOutputs: weights });
    expect(dx?.toArray()).toEqual([2 + 3, 40 + 3]);
  });

  test("of a gradient is the second derivative", () => {
    const x = variable([1, 2, -3]);
    const [first] = grad(cube(x), x, { createGraph: true });
    const [second] = grad((first as Tensor).sum(), x, { createGraph: true });
    const [third] = grad((second as Tensor).sum(), x);
    expect([second?.toArray(), third?.toArray()]).toEqual([
      [6, 12, -18],
      [6, 6, 6],
    ]);
  });

  test("without createGraph has no second derivative", () => {
    const x = variable([1]);
    const [first] = grad(cube(x), x);
    expect(first?.requiresGrad).toBe(false);
    expect(() => grad((first as Tensor).sum(), x)).toThrow(/does not require grad/);
  });

  test("refuses what is not a tensor, and no inputs", () => {
    const x = variable([1]);
    expect(() => grad(3 as never, x)).toThrow("grad: outputs: expected tensors, received number");
    expect(() => grad(x.sum(), [x, null as never])).toThrow("grad: inputs: expected tensors, received null");
    expect(() => grad(x.sum(), [])).toThrow("grad needs at least one input");
  });

  test("of tensors that cannot have one is refused", () => {
    expect(() => tensor([1], { dtype: "int64", requiresGrad: true })).toThrow(/Only Tensors of floating point/);
    const x = variable([1]);
    expect(() => x.add_(1)).toThrow(/a leaf Variable that requires grad is being used in an in-place operation/);
    const y = x.mul(2);
    const z = y.mul(y).sum();
    y.add_(1);
    expect(() => z.backward()).toThrow(/modified by an inplace operation/);
  });
});

describe("the modes", () => {
  test("noGrad records nothing, enableGrad inside it records again", () => {
    const x = variable([1, 2]);
    const [without, within] = noGrad(() => [x.mul(x), enableGrad(() => x.mul(x))] as const);
    expect([without.requiresGrad, within.requiresGrad, x.mul(x).requiresGrad]).toEqual([false, true, true]);
  });

  test("come back after an error, and refuse async bodies", () => {
    const x = variable([1]);
    expect(() =>
      noGrad(() => {
        throw new Error("boom");
      }),
    ).toThrow("boom");
    expect(() => noGrad(async () => 1)).toThrow("noGrad takes a function that is not async");
    expect(x.mul(x).requiresGrad).toBe(true);
  });

  test("a detached tensor shares the elements and not the graph", () => {
    const x = variable([1, 2]);
    const detached = x.detach();
    expect(detached.requiresGrad).toBe(false);
    noGrad(() => x.mul_(2));
    expect(detached.toArray()).toEqual([2, 4]);
  });
});

describe("autocast", () => {
  test("multiplies matrices in the requested type, inside only", () => {
    const x = ops.ones([2, 2]);
    const types = autocast("cpu", "bfloat16", () => {
      const outer = x.matmul(x).dtype;
      autocast("cpu", "bfloat16", () => x);
      return [outer, x.matmul(x).dtype, x.add(x).dtype];
    });
    expect(types).toEqual(["bfloat16", "bfloat16", "float32"]);
    expectAllClose(x.matmul(x), [
      [2, 2],
      [2, 2],
    ]);
    expect(x.matmul(x).dtype).toBe("float32");
  });

  test("refuses other types and async bodies", () => {
    expect(() => autocast("cpu", "int64" as never, () => 1)).toThrow(
      "autocast computes in bfloat16 or float16, not in int64",
    );
    expect(() => autocast("cpu", "bfloat16", async () => 1)).toThrow("autocast takes a function that is not async");
    expect(ops.ones([1, 1]).mm(ops.ones([1, 1])).dtype).toBe("float32");
  });
});

test("a result keeps its gradient, and no tensor is its own", () => {
  const x = variable([1]);
  const y = x.mul(2);
  expect(() => {
    y.requiresGrad = false;
  }).toThrow("requiresGrad can be turned off for leaves only");
  expect(() => {
    x.grad = x;
  }).toThrow("a tensor is not its own gradient");
});
