import { describe, expect, it } from "vitest";
import { partsOf } from "./batch.js";
import { batchBounds, epochOrder } from "./batch-source.js";

describe("the order of an epoch", () => {
  const indices = Int32Array.from({ length: 50 }, (_, i) => 3 * i);

  it("has every index once", () => {
    expect(epochOrder(indices, 1, 2).toSorted()).toEqual(indices);
  });

  it("is another for another epoch or seed, and the same for the same", () => {
    expect(epochOrder(indices, 1, 2)).toEqual(epochOrder(indices, 1, 2));
    expect(epochOrder(indices, 1, 3)).not.toEqual(epochOrder(indices, 1, 2));
    expect(epochOrder(indices, 2, 2)).not.toEqual(epochOrder(indices, 1, 2));
  });
});

describe("batch bounds", () => {
  it("cover all samples without a gap, the last batch being what is left", () => {
    expect(batchBounds(10, 4)).toEqual([
      [0, 4],
      [4, 8],
      [8, 10],
    ]);
    expect(batchBounds(8, 4)).toHaveLength(2);
    expect(batchBounds(3, 8)).toEqual([[0, 3]]);
  });

  it("let a single sample left over join the batch before", () => {
    expect(batchBounds(9, 4)).toEqual([
      [0, 4],
      [4, 9],
    ]);
    expect(batchBounds(1, 4)).toEqual([[0, 1]]);
  });
});

describe("the parts of a batch", () => {
  const index = Int32Array.of(4, 2, 9, 7, 1);

  it("are nearly equal and in order", () => {
    expect(partsOf(index, 1)).toEqual([index]);
    expect(partsOf(index, 2)).toEqual([Int32Array.of(4, 2), Int32Array.of(9, 7, 1)]);
  });

  it("have at least two samples each, on which batch norm can train", () => {
    expect(partsOf(index, 4)).toEqual(partsOf(index, 2));
    expect(partsOf(index.subarray(0, 1), 3)).toEqual([Int32Array.of(4)]);
  });
});
