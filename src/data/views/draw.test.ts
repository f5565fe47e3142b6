import { describe, expect, it } from "vitest";
import { randomFrom } from "../random.js";
import { columnCount, columns, drawCrop, drawViews, steps } from "./draw.js";
import { type ViewSteps, viewRecipe } from "./recipe.js";

const key = { seed: 1, epoch: 2, view: 0 };
const [view, second] = viewRecipe("byol", 96).views as [ViewSteps, ViewSteps];
const index = Int32Array.from({ length: 4000 }, (_, i) => i);
const draws = drawViews(second, key, index, [96, 64]);
const column = (which: number) => Array.from(index, (i) => draws[i * columnCount + which] as number);
const rowOf = (all: Float32Array, i: number) => all.subarray(i * columnCount, (i + 1) * columnCount);
const share = (values: readonly number[]) => values.filter((value) => value > 0).length / values.length;

describe("the draws of views", () => {
  it("are the same for the same seed, epoch, view and sample, in any batch", () => {
    const some = drawViews(second, key, Int32Array.of(17, 3999, 5), [96, 64]);
    for (const [i, sample] of [17, 3999, 5].entries()) expect(rowOf(some, i)).toEqual(rowOf(draws, sample));
  });

  it("are others for another seed, epoch, view or sample", () => {
    const first = (changed: Partial<typeof key>) => drawViews(second, { ...key, ...changed }, index, [96, 64]);
    for (const changed of [{ seed: 2 }, { epoch: 3 }, { view: 1 }]) {
      const others = first(changed);
      const same = Array.from(index).filter((i) => rowOf(others, i).join() === rowOf(draws, i).join());
      expect(same).toEqual([]);
    }
    expect(new Set(Array.from(index, (i) => rowOf(draws, i).join())).size).toBe(index.length);
  });

  it("happen as often as the recipe says", () => {
    // Three standard deviations of 4,000 draws are at most 0.024.
    const near = (value: number, expected: number) => expect(Math.abs(value - expected)).toBeLessThan(0.024);
    near(share(column(columns.flipped)), 0.5);
    near(share(column(columns.step)), 0.8);
    near(share(column(columns.gray)), 0.2);
    near(share(column(columns.sigma)), 0.1);
    near(share(column(columns.solarized)), 0.2);
    expect(
      share(Array.from(index, (i) => drawViews(view, key, index.subarray(i, i + 1), [9, 9])[columns.sigma]!)),
    ).toBe(1);
  });

  it("take the four changes of color in every order, equally often", () => {
    const jittered = Array.from(index, (i) => rowOf(draws, i)).filter((row) => row[columns.step] !== 0);
    const orders = jittered.map((row) => row.subarray(columns.step, columns.step + 4).join());
    const counts = new Map<string, number>();
    for (const order of orders) counts.set(order, (counts.get(order) ?? 0) + 1);
    expect(counts.size).toBe(24);
    for (const [order, count] of counts) {
      expect(order.split(",").sort()).toEqual(["1", "2", "3", "4"]);
      expect(Math.abs(count / jittered.length - 1 / 24)).toBeLessThan(0.014);
    }
  });

  it.each([
    ["brightness", 0.6, 1.4],
    ["contrast", 0.6, 1.4],
    ["saturation", 0.8, 1.2],
    ["hue", -0.1, 0.1],
  ] as const)("change %s by an amount from %d to %d, all of it used", (name, least, most) => {
    const amounts = Array.from(index).flatMap((i) =>
      [0, 1, 2, 3].flatMap((place) => {
        const row = rowOf(draws, i);
        return row[columns.step + place] === steps[name] ? [row[columns.amount + place] as number] : [];
      }),
    );
    spansUniformly(amounts, least, most);
  });

  it("blur by 0.1 to 2 pixels, all of it used", () => {
    const blurred = drawViews(view, key, index, [96, 64]);
    spansUniformly(
      Array.from(index, (i) => rowOf(blurred, i)[columns.sigma] as number),
      0.1,
      2,
    );
  });

  function spansUniformly(values: readonly number[], least: number, most: number) {
    const shares = values.map((value) => (value - least) / (most - least)).sort((a, b) => a - b);
    expect(shares[0]).toBeGreaterThanOrEqual(-1e-6);
    expect(shares.at(-1)).toBeLessThanOrEqual(1 + 1e-6);
    // Kolmogorov and Smirnov's distance, which a uniform sample exceeds once in a thousand times.
    const distance = Math.max(...shares.map((value, i) => Math.abs(value - (i + 0.5) / shares.length)));
    expect(distance).toBeLessThan(1.95 / Math.sqrt(shares.length));
  }
});

describe("a random crop", () => {
  const crops = (scale: [number, number], ratio: [number, number], size: [number, number], count = 3000) =>
    Array.from({ length: count }, (_, i) => drawCrop(randomFrom(1, "crop", i), { scale, ratio }, size));

  it("lies inside of the image and reaches every edge", () => {
    const drawn = crops([0.08, 1], [3 / 4, 4 / 3], [32, 40]);
    for (const [top, left, height, width] of drawn) {
      expect(Math.min(top, left)).toBeGreaterThanOrEqual(0);
      expect(Math.min(height, width)).toBeGreaterThanOrEqual(1);
      expect(top + height).toBeLessThanOrEqual(32);
      expect(left + width).toBeLessThanOrEqual(40);
    }
    expect(drawn.some(([top]) => top === 0)).toBe(true);
    expect(drawn.some(([, left]) => left === 0)).toBe(true);
    expect(drawn.some(([top, , height]) => top + height === 32)).toBe(true);
    expect(drawn.some(([, left, , width]) => left + width === 40)).toBe(true);
  });

  it("covers an area within the scale and has a shape within the ratio, as whole pixels allow", () => {
    for (const [, , height, width] of crops([0.2, 0.5], [0.5, 2], [200, 200])) {
      expect((height * width) / 200 ** 2).toBeGreaterThan(0.19);
      expect((height * width) / 200 ** 2).toBeLessThan(0.51);
      expect(width / height).toBeGreaterThan(0.49);
      expect(width / height).toBeLessThan(2.04);
    }
  });

  it("spreads evenly over areas, and over the logarithm of shapes", () => {
    const drawn = crops([0.1, 0.4], [0.5, 2], [400, 400]);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(drawn.map(([, , height, width]) => (height * width) / 400 ** 2))).toBeCloseTo(0.25, 2);
    expect(mean(drawn.map(([, , height, width]) => Math.log(width / height)))).toBeCloseTo(0, 1);
  });

  it("is the whole image where all of it is asked for, or a single pixel of one", () => {
    expect(drawCrop(randomFrom(1), { scale: [1, 1], ratio: [1, 1] }, [7, 7])).toEqual([0, 0, 7, 7]);
    expect(drawCrop(randomFrom(1), { scale: [0.08, 1], ratio: [3 / 4, 4 / 3] }, [1, 1])).toEqual([0, 0, 1, 1]);
  });

  it("falls back to the middle where ten trials do not fit, as near to the image's shape as the ratio allows", () => {
    const tooLarge = { scale: [1, 1] as const, ratio: [3 / 4, 4 / 3] as const };
    expect(drawCrop(randomFrom(1), tooLarge, [10, 100])).toEqual([0, 43, 10, 13]);
    expect(drawCrop(randomFrom(1), tooLarge, [100, 10])).toEqual([43, 0, 13, 10]);
  });
});
