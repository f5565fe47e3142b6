import { describe, expect, it } from "vitest";
import { InputError } from "../../errors.js";
import { fingerprint } from "../fingerprint.js";
import { validated } from "../validate.js";
import { shapeDistances } from "./shape-distances.js";
import { shapesDataSet } from "./shapes.js";

describe("shapesDataSet", () => {
  it("draws a valid data set with as many of each class as of any other", () => {
    const data = validated(shapesDataSet({ train: 200, test: 50, seed: 1 }));
    expect(data.classes).toHaveLength(10);
    expect(data.train.shape).toEqual([3, 32, 32]);
    for (let label = 0; label < 10; label++) {
      expect(data.train.labels.filter((given) => given === label)).toHaveLength(20);
      expect(data.test?.labels.filter((given) => given === label)).toHaveLength(5);
    }
    expect(shapesDataSet({ train: 10, test: 0, size: 16, seed: 1 })).toMatchObject({
      test: null,
      train: { shape: [3, 16, 16] },
    });
  });

  it("draws an image from the seed, its part and its place alone", () => {
    const few = shapesDataSet({ train: 20, test: 20, seed: 4 });
    const more = shapesDataSet({ train: 40, test: 10, seed: 4 });
    expect(more.train.values.subarray(0, few.train.values.length)).toEqual(few.train.values);
    expect(few.test?.values).not.toEqual(few.train.values);
    expect(fingerprint(shapesDataSet({ train: 20, test: 20, seed: 4 }))).toBe(fingerprint(few));
    expect(fingerprint(shapesDataSet({ train: 20, test: 20, seed: 5 }))).not.toBe(fingerprint(few));
  });

  it("lets color tell nothing of the class", () => {
    const { train } = shapesDataSet({ train: 3000, test: 0, seed: 2 });
    const plane = 32 * 32;
    const sums = new Float64Array(30);
    train.labels.forEach((label, i) => {
      for (let c = 0; c < 3; c++) {
        const start = (3 * i + c) * plane;
        for (let at = start; at < start + plane; at++) sums[3 * label + c]! += train.values[at]! / plane;
      }
    });
    for (const sum of sums) expect(Math.abs(sum / 300 / 255 - 0.5)).toBeLessThan(0.06);
  });

  it("refuses counts and sizes out of range", () => {
    const options = { train: 10, test: 10, seed: 0 };
    for (const wrong of [{ train: 9 }, { train: 10.5 }, { test: -1 }, { size: 8 }, { size: Number.NaN }]) {
      expect(() => shapesDataSet({ ...options, ...wrong })).toThrow(InputError);
    }
  });
});

describe("shapeDistances", () => {
  const grid = Array.from({ length: 41 * 41 }, (_, i) => [(i % 41) / 20 - 1, Math.floor(i / 41) / 20 - 1] as const);
  const masks = Object.values(shapeDistances).map((distance) => grid.map(([x, y]) => distance(x, y) < 0));

  it("fills a fair part of its square with every shape, and none of it beyond a radius of 1.15", () => {
    for (const mask of masks) {
      const share = mask.filter(Boolean).length / grid.length;
      expect(share).toBeGreaterThan(0.15);
      expect(share).toBeLessThan(0.65);
      expect(grid.every(([x, y], i) => !mask[i] || Math.hypot(x, y) < 1.15)).toBe(true);
    }
  });

  it("draws ten shapes of which no two overlap by more than 85%", () => {
    masks.forEach((mask, a) => {
      masks.slice(a + 1).forEach((other) => {
        const both = mask.filter((inside, i) => inside && other[i]).length;
        const either = mask.filter((inside, i) => inside || other[i]).length;
        expect(both / either).toBeLessThan(0.85);
      });
    });
  });

  it("changes no faster than one for one, so that edges are smooth over one pixel", () => {
    for (const distance of Object.values(shapeDistances)) {
      for (const [x, y] of grid) expect(Math.abs(distance(x + 0.01, y + 0.01) - distance(x, y))).toBeLessThan(0.01415);
    }
  });
});
