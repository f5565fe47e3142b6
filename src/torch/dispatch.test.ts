// How a typed call finds its form, and what is said to one that has none.
import { describe, expect, test } from "vitest";
import { camelCase } from "./dispatch.js";
import { ops, tensor } from "./index.js";

const x = () => tensor([[1, 2, 3]]);

describe("the form of an operator", () => {
  test("is chosen by what the arguments are", () => {
    expect(x().add(x()).toArray()).toEqual([[2, 4, 6]]);
    expect(x().add(1).toArray()).toEqual([[2, 3, 4]]);
    expect(x().sum().shape).toEqual([]);
    expect(x().sum(1).shape).toEqual([1]);
    expect(x().sum([0, 1], { keepdim: true }).shape).toEqual([1, 1]);
    expect(x().pow(2).toArray()).toEqual([[1, 4, 9]]);
    expect(ops.pow(2, x()).toArray()).toEqual([[2, 4, 8]]);
    expect(x().max().item()).toBe(3);
    expect(
      x()
        .max(1)
        .map((part) => part.toArray()),
    ).toEqual([[3], [2]]);
    expect(x().max(tensor(2)).toArray()).toEqual([[2, 2, 3]]);
    expect(
      x()
        .split(2, { dim: 1 })
        .map((part) => part.shape),
    ).toEqual([
      [1, 2],
      [1, 1],
    ]);
    expect(
      x()
        .split([1, 2], { dim: 1 })
        .map((part) => part.shape),
    ).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(ops.arange(3).toArray()).toEqual([0, 1, 2]);
    expect(ops.arange(1, 3).toArray()).toEqual([1, 2]);
    expect(ops.arange(1, 6, { step: 2 }).toArray()).toEqual([1, 3, 5]);
  });

  test("with a named argument that must be given is passed over where that is not given", () => {
    const index = tensor([[2, 0, 1]], { dtype: "int64" });
    const zeros = ops.zeros([1, 3]);
    expect(ops.scatter(zeros, 1, index, x()).toArray()).toEqual([[2, 3, 1]]);
    expect(ops.scatter(ops.ones([1, 3]), 1, index, x(), { reduce: "add" }).toArray()).toEqual([[3, 4, 2]]);
    expect(x().std([1]).item()).toBe(1);
    expect(x().std([1], { correction: 0 }).item()).toBeCloseTo(Math.sqrt(2 / 3), 6);
  });

  test("takes options under this language's names, in any order, undefined as absent", () => {
    expect(x().slice({ end: 2, dim: 1, start: undefined }).toArray()).toEqual([[1, 2]]);
    expect(ops.empty([1, 2, 2, 2], { memoryFormat: "channels_last" }).strides).toEqual([8, 1, 4, 2]);
    expect(camelCase("_foreach_add_")).toBe("foreachAdd_");
    expect(camelCase("scale_grad_by_freq")).toBe("scaleGradByFreq");
  });

  test("takes one number for a list of known length, and typed arrays for lists", () => {
    const image = ops.ones([1, 1, 4, 4]);
    expect(ops.maxPool2d(image, 2).shape).toEqual([1, 1, 2, 2]);
    expect(ops.maxPool2d(image, [2, 4]).shape).toEqual([1, 1, 2, 1]);
    expect(x().reshape(new Int32Array([3, 1]) as never).shape).toEqual([3, 1]);
    expect(x().reshape(new BigInt64Array([-1n]) as never).shape).toEqual([3]);
  });

  test("takes null where the schema has an optional argument", () => {
    const weight = ops.ones([2, 1, 1, 1]);
    expect(ops.conv2d(ops.ones([1, 1, 2, 2]), weight, { bias: null }).shape).toEqual([1, 2, 2, 2]);
    expect(
      x()
        .mean(null as never)
        .item(),
    ).toBe(2);
  });
});

describe("scalars", () => {
  test("are integers where the first tensor is, and so keep its element type", () => {
    const integers = tensor([1, 2], { dtype: "int64" });
    expect([integers.add(1).dtype, integers.add(0.5).dtype, integers.mul(true).dtype]).toEqual([
      "int64",
      "float32",
      "int64",
    ]);
    expect(integers.mul(2n ** 62n).data()).toEqual(new BigInt64Array([2n ** 62n, -(2n ** 63n)]));
    expect(tensor([1.5]).add(1).dtype).toBe("float32");
    expect(tensor([true]).add(1).dtype).toBe("int64");
  });
});

describe("a call without a form", () => {
  test.each([
    [
      () => x().add("1" as never),
      "add does not take (Tensor, string); it takes (Tensor self, Scalar other, { alpha }) or (Tensor self, Tensor other, { alpha })",
    ],
    [() => ops.add(x(), undefined as never), "add does not take (Tensor, undefined)"],
    [
      () => ops.softmax(x(), 1, { dtyp: "float32" } as never),
      "softmax does not take (Tensor, number, { dtyp }); it takes (Tensor self, int dim, { dtype })",
    ],
    [() => x().add(1, 2 as never), "add does not take (Tensor, number, number)"],
    [() => ops.cat([1, x()] as never), 'cat: argument "tensors" expects a tensor, received 1'],
    [() => ops.cat(new Array(1) as never), 'cat: argument "tensors" expects a tensor, received nothing'],
    [() => x().reshape([1.5]), 'reshape: argument "shape" expects an integer, received 1.5'],
    [() => x().reshape([2 ** 60]), 'reshape: argument "shape" expects an integer, received 1152921504606847000'],
    [
      () => x().reshape([2n ** 64n] as never),
      'reshape: argument "shape" expects an integer of 64 bits, received a bigint',
    ],
    [
      () => ops.zeros([1], { dtype: "float" as never }),
      'zeros: unknown dtype "float"; expected one of float32, float64, float16, bfloat16, int64',
    ],
    [
      () => ops.zeros([1], { layout: "sparse" as never }),
      'zeros: argument "layout" expects the layout "strided", received "sparse"',
    ],
    [
      () => x().contiguous({ memoryFormat: "rows" as never }),
      'contiguous: argument "memory_format" expects "contiguous", "preserve"',
    ],
    [() => ops.einsum("ij,jk", [x(), 2] as never), 'einsum: argument "tensors" expects a tensor, received 2'],
  ])("gets one line on what was wrong: %#", (call, message) => {
    expect(call).toThrow(message);
    expect(call).toThrow(/^[^\n]*$/);
  });

  test("gets libtorch's reason, without its source positions", () => {
    expect(() => x().matmul(x())).toThrow("matmul: mat1 and mat2 shapes cannot be multiplied (1x3 and 1x3)");
    expect(() => x().reshape([5])).toThrow("reshape: shape '[5]' is invalid for input of size 3");
    expect(() => x().gather(1, tensor([[7]], { dtype: "int64" }))).toThrow(
      "gather: index 7 is out of bounds for dimension 1 with size 3",
    );
    expect(() => ops.layerNorm(x(), [3], { weight: ops.ones([2]) })).toThrow(
      /^layerNorm: Expected weight to be of same shape[^\n]*$/,
    );
  });

  test("through a proxy that throws anything at all is still an Error", () => {
    const trap = new Proxy([], {
      get() {
        throw null;
      },
    });
    expect(() => x().reshape(trap as never)).toThrow("reshape: null");
  });
});

test("lists of tensors and lists of numbers choose different forms", () => {
  const products = ops.foreachMul([tensor([1]), tensor([2])], [3, 4]);
  expect(products.map((product) => product.item())).toEqual([3, 8]);
  const sums = ops.foreachAdd([tensor([1]), tensor([2])], [tensor([3]), tensor([4])]);
  expect(sums.map((sum) => sum.item())).toEqual([4, 6]);
});
