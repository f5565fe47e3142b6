// Arguments on which libtorch 1.13 crashes or reads out of bounds are refused, and their neighbors are not.
import { describe, expect, test } from "vitest";
import { type DType, ops, tensor } from "../index.js";

const image = () => ops.ones([1, 2, 4, 4]);
const integers = (values: bigint[], dtype: DType = "int64") => tensor(new BigInt64Array(values)).to(dtype);

describe("integer division", () => {
  const least = [-(2n ** 63n), 5n];

  test.each([
    ["remainder", () => ops.remainder(integers(least), integers([3n, -1n]))],
    ["fmod", () => ops.fmod(integers(least), -1)],
    ["div", () => ops.div(integers(least), integers([-1n]), { roundingMode: "floor" })],
    ["div_", () => integers(least).div_(integers([-1n]), { roundingMode: "trunc" })],
    ["remainder of a scalar", () => ops.remainder(-(2n ** 63n), integers([-1n]))],
    ["32 bits", () => ops.fmod(integers([-(2n ** 31n)], "int32"), integers([-1n], "int32"))],
  ])("of the smallest integer by -1 is refused: %s", (_, call) => {
    expect(call).toThrow(/: -\d+ cannot be divided by -1: the result is out of range$/);
  });

  test("of anything else goes on", () => {
    expect(ops.remainder(integers([-7n, 7n]), integers([-1n, 4n])).data()).toEqual(new BigInt64Array([0n, 3n]));
    expect(ops.div(integers([-(2n ** 63n)]), 2, { roundingMode: "trunc" }).data()).toEqual(
      new BigInt64Array([-(2n ** 62n)]),
    );
    expect(ops.div(tensor([5.5]), -1, { roundingMode: "floor" }).toArray()).toEqual([-6]);
    expect(ops.div(integers([-(2n ** 63n)]), -1).item()).toBe(2 ** 63);
    expect(ops.fmod(integers([]), integers([])).size).toBe(0);
  });
});

describe("images", () => {
  test("are padded by four numbers", () => {
    expect(() => ops.reflectionPad2d(image(), [])).toThrow(
      "reflectionPad2d: padding is four numbers (left, right, top, bottom), received 0",
    );
    expect(() => ops.replicationPad2d(image(), [1, 1])).toThrow("replicationPad2d: padding is four numbers");
    expect(ops.reflectionPad2d(image(), [1, 0, 2, 1]).shape).toEqual([1, 2, 7, 5]);
    expect(ops.replicationPad2d(image(), 1).shape).toEqual([1, 2, 6, 6]);
  });

  test("are convolved in at least one and at most as many groups as there are channels", () => {
    const weight = ops.ones([2, 1, 1, 1]);
    for (const groups of [0, -1, 3, 2 ** 40, 2n ** 62n]) {
      expect(() => ops.convTranspose2d(image(), weight, { groups: groups as number })).toThrow(
        `convTranspose2d: groups is from 1 to the weight's first size, here 2, received ${groups}`,
      );
    }
    expect(ops.conv2d(image(), weight, { groups: 2 }).shape).toEqual([1, 2, 4, 4]);
  });

  test("are pooled with a dilation that stays inside", () => {
    const flat = ops.ones([1, 1, 2, 6]);
    expect(() => ops.maxPool2d(flat, 2, { padding: 1, dilation: 4, ceilMode: true })).toThrow(
      "maxPool2d: dilation is at most the image's size, here 2, received 4",
    );
    expect(() => ops.maxPool2d(flat, 2, { padding: 1, dilation: [1, 7] })).toThrow("here 6, received 1,7");
    expect(ops.maxPool2d(flat, 2, { padding: 1, dilation: [2, 4] }).shape).toEqual([1, 1, 1, 2]);
  });

  test("are resized by scales that give the requested size", () => {
    expect(() => ops.upsampleBilinear2d(image(), [6, 6], false, { scalesH: 0.5 })).toThrow(
      "upsampleBilinear2d: a scale of 0.5 makes 2 of 4, but outputSize is 6",
    );
    expect(() => ops.upsampleNearest2d(image(), 8, { scalesW: Number.NaN })).toThrow("a scale of NaN makes NaN of 4");
    expect(ops.upsampleNearest2d(image(), [6, 8], { scalesH: 1.5, scalesW: 2 }).shape).toEqual([1, 2, 6, 8]);
    expect(ops.upsampleBicubic2d(image(), null, false, [2, 0.5]).shape).toEqual([1, 2, 8, 2]);
  });

  test("are sampled in known modes, and beyond the zeros only at finite points", () => {
    const grid = ops.full([1, 3, 3, 2], Infinity);
    expect(() => ops.gridSampler(image(), grid, 0, 2, true)).toThrow(
      "gridSampler: border and reflection need a grid of finite points, at most 1e6 away, received Infinity",
    );
    expect(ops.gridSampler(image(), grid, 1, 0, true).shape).toEqual([1, 2, 3, 3]);
    expect(() => ops.gridSampler(image(), ops.full([1, 3, 3, 2], Number.NaN), 0, 1, true)).toThrow("received NaN");
    expect(() => ops.gridSampler(image(), grid, 3, 0, true)).toThrow("interpolationMode is 0 (bilinear), 1 (nearest)");
    expect(() => ops.gridSampler(image(), grid, 0, -1, true)).toThrow("paddingMode is 0 (zeros), 1 (border)");
    expect(
      ops
        .gridSampler(image(), ops.zeros([1, 3, 3, 2]), 0, 2, true)
        .sum()
        .item(),
    ).toBe(18);
  });
});

describe("other operators", () => {
  test("make dense gradients only", () => {
    const index = integers([0n]);
    expect(() => ops.embedding(ops.ones([2, 2]), index, { sparse: true })).toThrow(
      "embedding: sparse gradients are not supported here; leave that option out",
    );
    expect(() => ops.gather(ops.ones([2]), 0, index, { sparseGrad: true })).toThrow("gather: sparse gradients");
  });

  test("cut a view of one number into no more parts than memory holds", () => {
    const wide = tensor([1]).expand([2 ** 40]);
    expect(() => wide.unbind()).toThrow("unbind: at most 1048576 parts are made, here 1099511627776");
    expect(() => wide.split(3)).toThrow("split: at most 1048576 parts are made");
    expect(() => wide.chunk(2 ** 30)).toThrow("chunk: at most 1048576 parts are made, here 1073741824");
    expect(wide.chunk(2).map((part) => part.size)).toEqual([2 ** 39, 2 ** 39]);
  });

  test("repeat no element a negative number of times", () => {
    expect(() => ops.repeatInterleave(tensor([1, 2, 3]), integers([0n, 4n, -1n]), { dim: 0, outputSize: 3 })).toThrow(
      "repeatInterleave: repeats are at least 0, received -1",
    );
    expect(() => ops.repeatInterleave(ops.ones([8]), (2n ** 62n) as never)).toThrow(
      "repeatInterleave: 4611686018427388000 repeats of 8 elements are more than memory holds",
    );
    expect(
      tensor([1, 2])
        .repeatInterleave(integers([2n, 0n]))
        .toArray(),
    ).toEqual([1, 1]);
  });

  test("score one sample by one class", () => {
    expect(() => ops.nllLoss(ops.ones([0]), integers([]))).toThrow(
      "nllLoss: scores without a batch dimension take one class, received 0",
    );
    expect(() => ops.crossEntropyLoss(ops.ones([3]), integers([1n, 2n]))).toThrow("take one class, received 2");
    expect(ops.nllLoss(tensor([1, 5]), tensor(1, { dtype: "int64" })).item()).toBe(-5);
    expect(ops.crossEntropyLoss(tensor([0, 0]), tensor([0.5, 0.5])).item()).toBeCloseTo(Math.LN2, 6);
  });

  test("do not view other elements as booleans", () => {
    expect(() => tensor(new Uint8Array([2])).view("bool")).toThrow(
      "view: other elements cannot be viewed as booleans; use ne(0)",
    );
    expect(tensor([1]).view("int32").item()).toBe(0x3f800000);
  });
});
