// Tensors from JavaScript's numbers, and back.
import { describe, expect, test } from "vitest";
import { type DType, fromBytes, type NestedArray, ops, tensor } from "./index.js";

const integers: DType[] = ["int64", "int32", "int16", "int8", "uint8"];
const floats: DType[] = ["float32", "float64", "float16", "bfloat16"];

describe("tensors from nested arrays", () => {
  test.each([
    ["a number", 3, []],
    ["a list", [1, 2, 3], [3]],
    ["nothing", [], [0]],
    ["rows of nothing", [[], []], [2, 0]],
    ["three dimensions", [[[1], [2]]], [1, 2, 1]],
  ] as [string, NestedArray, number[]][])("have the shape of %s", (_, data, shape) => {
    using x = tensor(data);
    expect([x.shape, x.dtype]).toEqual([shape, "float32"]);
    expect(x.toArray()).toEqual(data);
  });

  test.each([...floats, ...integers])("hold small whole numbers exactly as %s", (dtype) => {
    const data = [
      [0, 1, 2],
      [100, 17, 3],
    ];
    using x = tensor(data, { dtype });
    expect([x.dtype, x.toArray()]).toEqual([dtype, data]);
  });

  test("become booleans where all are, and where requested", () => {
    using all = tensor([true, false]);
    expect([all.dtype, all.toArray()]).toEqual(["bool", [true, false]]);
    using booleans = tensor([0, 256, 0.5, -1], { dtype: "bool" });
    expect(booleans.toArray()).toEqual([false, true, true, true]);
    using mixed = tensor([true, 2]);
    expect([mixed.dtype, mixed.toArray()]).toEqual(["float32", [1, 2]]);
  });

  test("round to the half-precision types as those do", () => {
    using half = tensor([0.1, 65504, 1e-8], { dtype: "float16" });
    expect(half.data()).toEqual(new Float32Array([0.0999755859375, 65504, 0]));
    using brain = tensor([0.1, 65504, 1e-8], { dtype: "bfloat16" });
    expect(brain.data()).toEqual(new Float32Array([0.10009765625, 65536, 1.0011717677116394e-8]));
  });

  test("keep what is not finite, and the sign of zero", () => {
    using x = tensor([Number.NaN, Infinity, -Infinity, -0], { dtype: "float64" });
    expect(x.data()).toEqual(new Float64Array([Number.NaN, Infinity, -Infinity, -0]));
  });

  test.each([
    [[[1, 2], [3]], /rows of equal length/],
    [[[1], 2], /rows of equal length/],
    [[[1], [[2]]], /rows of equal length/],
    ["12", /holds numbers or booleans, received string/],
    [[true, null], /holds numbers or booleans, received object/],
    [[1, undefined], /holds numbers or booleans, received undefined/],
    [[1n], /holds numbers or booleans, received bigint/],
  ])("are refused otherwise: %#", (data, message) => {
    expect(() => tensor(data as NestedArray)).toThrow(message);
  });

  test.each([
    [[1.5], "int64", "int64 tensors hold whole numbers, received 1.5"],
    [[Number.NaN], "int32", "int32 tensors hold whole numbers, received NaN"],
    [[2 ** 60], "int64", "int64 tensors hold whole numbers, received 1152921504606847000"],
    [[1, 256], "uint8", "256 is beyond what uint8 tensors hold"],
    [[-129], "int8", "-129 is beyond what int8 tensors hold"],
    [[1, 2, 3], "float32", "the shape [2] takes 2 elements, received 3"],
    [[1], "float31", 'unknown dtype "float31"'],
  ] as [number[], DType, string][])("refuse numbers that do not fit: %j as %s", (data, dtype, message) => {
    expect(() => tensor(data, data.length === 3 ? { dtype, shape: [2] } : { dtype })).toThrow(message);
  });
});

describe("tensors from typed arrays", () => {
  test.each([
    [new Float32Array([1.5, 2]), "float32"],
    [new Float64Array([0.1, 2]), "float64"],
    [new BigInt64Array([-(2n ** 63n), 2n ** 63n - 1n]), "int64"],
    [new Int32Array([-(2 ** 31), 2 ** 31 - 1]), "int32"],
    [new Int16Array([-(2 ** 15), 7]), "int16"],
    [new Int8Array([-128, 127]), "int8"],
    [new Uint8Array([0, 255]), "uint8"],
  ] as const)("take over the element type of %s", (data, dtype) => {
    using x = tensor(data);
    expect([x.dtype, x.shape]).toEqual([dtype, [2]]);
    expect(x.data()).toEqual(data);
  });

  test("are copies, also of a part that begins anywhere", () => {
    const source = new Float64Array([1, 2, 3, 4]);
    using x = tensor(source.subarray(1, 3), { shape: [2, 1] });
    source.fill(9);
    expect(x.toArray()).toEqual([[2], [3]]);
    const bytes = new Uint8Array([0, 0, 0, 128, 63]);
    using unaligned = fromBytes(bytes.subarray(1), "float32", []);
    expect(unaligned.item()).toBe(1);
  });

  test("convert where another element type is requested", () => {
    using x = tensor(new Float64Array([1.9, -1.9]), { dtype: "int64" });
    expect(x.data()).toEqual(new BigInt64Array([1n, -1n]));
  });

  test("are refused from arrays of other kinds, naming those that serve", () => {
    expect(() => tensor(new Uint16Array(2) as unknown as Int16Array)).toThrow(
      "a Uint16Array has no element type here; use one of Float32Array, Float64Array, BigInt64Array",
    );
    expect(() => tensor(new Float32Array(3), { shape: [2, 2] })).toThrow(
      "the shape [2, 2] takes 4 elements, received 3",
    );
  });
});

describe("the data of a tensor", () => {
  test("comes in row-major order, however it lies in memory", () => {
    using x = tensor(new Int32Array(24).map((_, i) => i)).reshape([2, 3, 4]);
    const plain = x.toArray() as number[][][];
    using turned = x.permute([2, 0, 1]);
    const expected = [0, 1, 2, 3].map((k) => plain.map((plane) => plane.map((row) => row[k])));
    expect(turned.toArray()).toEqual(expected);
    using stepped = x.slice({ dim: 2, start: 1, step: 2 });
    expect(stepped.data()).toEqual(new Int32Array([1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23]));
    using repeated = tensor([[7]]).expand([2, 3]);
    expect(repeated.strides).toEqual([0, 0]);
    expect(repeated.data()).toEqual(new Float32Array(6).fill(7));
  });

  test("of images in channels-last order comes out the same", () => {
    using x = ops.arange(48, { dtype: "float32" }).reshape([2, 2, 3, 4]);
    using last = x.contiguous({ memoryFormat: "channels_last" });
    expect(last.strides).toEqual([24, 1, 8, 2]);
    expect(last.data()).toEqual(x.data());
  });

  test("of no elements is an empty array", () => {
    using x = ops.zeros([2, 0, 3]);
    expect([x.data(), x.toArray(), x.size]).toEqual([new Float32Array(0), [[], []], 0]);
  });

  test("as bytes goes back into the same tensor, for every element type", () => {
    for (const dtype of [...floats, ...integers, "bool"] as DType[]) {
      using x = tensor([[1, 0, 3]], { dtype });
      using back = fromBytes(x.bytes(), dtype, [1, 3]);
      expect([back.dtype, back.toArray()]).toEqual([dtype, x.toArray()]);
    }
  });

  test("is a copy: writing to it leaves the tensor alone", () => {
    using x = tensor([1, 2]);
    x.data().fill(9 as never);
    x.bytes().fill(9);
    expect(x.toArray()).toEqual([1, 2]);
  });

  test("too large for JavaScript is refused with an error", () => {
    using wide = tensor([1]).expand([2 ** 40]);
    expect(() => wide.data()).toThrow(RangeError);
    using many = tensor([1]).expand([2 ** 26]);
    expect(() => many.toArray()).toThrow("toArray() takes at most 33554432 elements, here 67108864; use data()");
  });
});

describe("bytes", () => {
  test("of booleans are read as false where 0 and true elsewhere", () => {
    using x = fromBytes(new Uint8Array([0, 1, 2, 255]), "bool", [4]);
    expect(x.bytes()).toEqual(new Uint8Array([0, 1, 1, 1]));
  });

  test.each([
    [new Uint8Array(7), [2], "the shape needs 8 bytes, received 7"],
    [new Uint8Array(0), [2 ** 52, 2 ** 12], "the shape has too many elements"],
    [new Uint8Array(0), [0, 2 ** 52, 2 ** 52], "the shape has too many elements"],
    [new Uint8Array(4), [-1], "a shape holds whole numbers of at least 0, received -1"],
    [new Uint8Array(4), [1.5], "a shape holds whole numbers of at least 0, received 1.5"],
  ])("of the wrong number are refused: %#", (bytes, shape, message) => {
    expect(() => fromBytes(bytes, "float32", shape)).toThrow(message);
  });
});
