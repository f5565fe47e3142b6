// The arithmetic and the output of the benchmarks; their figures are no test's business.
import { describe, expect, it, test } from "vitest";
import { type Convolution, stepBytes, stepOperations, winogradMultiplyAdds } from "../bench/cost.mjs";
import { compare, isMet, type Measurement, median } from "../bench/measurement.mjs";
import { json, table } from "../bench/report.mjs";
import { comparisons } from "../bench/workload.mjs";

const rate: Measurement = { name: "rate", unit: "images/s", ours: 120, theirs: 100, ratio: 1.2, target: 1.05 };
const alone: Measurement = { name: "alone", unit: "images/s", ours: 120, theirs: null, ratio: null, target: 1.05 };

describe("the figures of a benchmark", () => {
  it("are medians: the middle value, or the mean of the two in the middle", () => {
    expect(median([5])).toBe(5);
    expect(median([10, 9, 1])).toBe(9);
    expect(median([100, 1, 2, 4])).toBe(3);
  });

  it("leave the values that they are taken of in their order, and need at least one", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
    expect(() => median([])).toThrow("no values");
  });

  it("have a ratio over 1 where we are better, be it more images or fewer seconds", () => {
    const figures = { name: "f", unit: "u", ours: 20, theirs: 10, target: 1 };
    expect(compare({ ...figures, better: "more" }).ratio).toBe(2);
    expect(compare({ ...figures, better: "less" }).ratio).toBe(0.5);
  });

  it("have no ratio, and neither reach nor miss a target, where there is nothing to compare with", () => {
    const missing = compare({ name: "f", unit: "u", ours: 20, theirs: null, target: 1, better: "more" });
    expect(missing.ratio).toBeNull();
    expect(isMet(missing)).toBeNull();
    expect(isMet(rate)).toBe(true);
    expect(isMet({ ...rate, target: 1.2 })).toBe(true);
    expect(isMet({ ...rate, ratio: 1.04 })).toBe(false);
  });

  it("are one line of JSON for programs", () => {
    expect(json([rate, alone])).not.toContain("\n");
    expect(JSON.parse(json([rate, alone]))).toEqual({ measurements: [rate, alone] });
  });

  it("are a table for people that says which targets were met", () => {
    const [headings, ...rows] = table([rate, alone, { ...rate, name: "slow", ratio: 0.5 }]).split("\n");
    expect(headings).toMatch(/^measurement +unit +ours +theirs +ratio +target$/);
    expect(rows[0]).toMatch(/^rate +images\/s +120 +100 +1\.2 +>= 1\.05 +met$/);
    expect(rows[1]).toMatch(/^alone +images\/s +120 +- +- +>= 1\.05$/);
    expect(rows[2]).toMatch(/ 0\.5 +>= 1\.05 +missed$/);
  });
});

describe("the cost of a training step", () => {
  const conv: Convolution = { inputs: 2, outputs: 5, kernel: 3, stride: 1, padding: 1, height: 4, width: 6 };

  /** Taps inside of the image, position by position. */
  function countTaps({ kernel, stride, padding, height, width }: Convolution): number {
    let taps = 0;
    const inside = (at: number, size: number) => at >= 0 && at < size;
    for (let y = -padding; y + kernel <= height + padding; y += stride) {
      for (let x = -padding; x + kernel <= width + padding; x += stride) {
        for (let tap = 0; tap < kernel ** 2; tap++) {
          if (inside(y + Math.floor(tap / kernel), height) && inside(x + (tap % kernel), width)) taps++;
        }
      }
    }
    return taps;
  }

  it("is two operations a multiply-add of every tap inside of the image, for the first convolution without its input", () => {
    for (const change of [
      {},
      { stride: 2 },
      { kernel: 1, padding: 0, stride: 2 },
      { kernel: 7, padding: 3, stride: 2 },
    ]) {
      const other = { ...conv, ...change };
      const multiplyAdds = (each: Convolution) => each.inputs * each.outputs * countTaps(each);
      expect(stepOperations([other], 8)).toBe(2 * 8 * 2 * multiplyAdds(other));
      expect(stepOperations([conv, other], 1)).toBe(2 * (2 * multiplyAdds(conv) + 3 * multiplyAdds(other)));
    }
  });

  it("is 36 multiply-adds a tile of four by four pixels by Winograd, 81 with a stride of 2, and all others without", () => {
    expect(winogradMultiplyAdds({ ...conv, height: 8, width: 9 })).toBe(2 * 5 * 36 * 2 * 3);
    expect(winogradMultiplyAdds({ ...conv, height: 8, width: 9, stride: 2 })).toBe(2 * 5 * 81 * 1 * 2);
    expect(winogradMultiplyAdds({ ...conv, kernel: 1, padding: 0 })).toBe(2 * 5 * 4 * 6);
    expect(stepOperations([conv, conv], 1, winogradMultiplyAdds)).toBe(
      stepOperations([conv], 1) + 2 * 3 * winogradMultiplyAdds(conv),
    );
  });

  it("is six passes over outputs and over parameters in float32", () => {
    expect(stepBytes([{ ...conv, stride: 2 }], 8, 100, 2)).toBe(6 * 2 * 8 * 5 * 2 * 3 + 6 * 4 * 100);
    expect(stepBytes([{ ...conv, stride: 2 }], 8, 100, 4)).toBe(6 * 4 * 8 * 5 * 2 * 3 + 6 * 4 * 100);
  });

  it("is 370 GFLOP for 128 images and ResNet-18", () => {
    const square = (inputs: number, outputs: number, kernel: number, height: number, stride = 1) =>
      ({ inputs, outputs, kernel, stride, padding: (kernel - 1) / 2, height, width: height }) satisfies Convolution;
    const first = [square(3, 64, 3, 32), ...Array.from({ length: 4 }, () => square(64, 64, 3, 32))];
    const later = [32, 16, 8].flatMap((side, i) => {
      const [inputs, outputs] = [64 * 2 ** i, 128 * 2 ** i];
      const inner = Array.from({ length: 3 }, () => square(outputs, outputs, 3, side / 2));
      return [square(inputs, outputs, 3, side, 2), square(inputs, outputs, 1, side, 2), ...inner];
    });
    expect(Math.round(stepOperations([...first, ...later], 128) / 1e9)).toBe(370);
  });
});

test("comparisons have names of their own, and PyTorch's channels_last among the layouts", () => {
  expect(new Set(comparisons.map(({ name }) => name)).size).toBe(comparisons.length);
  for (const { layouts } of comparisons) expect(layouts).toContain("channels_last");
});
