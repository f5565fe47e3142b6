import { describe, expect, it } from "vitest";
import { bootstrapIntervals } from "../index.js";

const values = Float64Array.from({ length: 200 }, (_, i) => Math.sin(i * i));
const mean = (times: Uint32Array) => {
  const drawn = times.reduce((sum, count) => sum + count, 0);
  return values.reduce((sum, value, i) => sum + times[i]! * value, 0) / drawn;
};

describe("the bootstrap", () => {
  it("draws as many samples as there are, each about as often", () => {
    const total = new Uint32Array(50);
    bootstrapIntervals(
      50,
      (times) => {
        expect(times.reduce((sum, count) => sum + count, 0)).toBe(50);
        for (const [i, count] of times.entries()) total[i]! += count;
        return [];
      },
      { resamples: 2000 },
    );
    // Sums of 2000 draws with mean 1 and variance 1 - 1/50 each: five standard deviations.
    for (const count of total) expect(Math.abs(count - 2000)).toBeLessThan(5 * Math.sqrt(2000));
  });

  it("gives the middle of the sorted figures of its resamples, neighbors interpolated", () => {
    const seen: number[] = [];
    const figures = (times: Uint32Array) => {
      seen.push(mean(times));
      return [mean(times)];
    };
    const [interval] = bootstrapIntervals(200, figures, { resamples: 121, level: 0.9 });
    const sorted = seen.toSorted((a, b) => a - b);
    // Of 121 sorted figures, 0.05 and 0.95 of the way from the first to the last.
    expect(seen).toHaveLength(121);
    expect(interval![0]).toBeCloseTo(sorted[6]!, 12);
    expect(interval![1]).toBeCloseTo(sorted[114]!, 12);
  });

  it("of a mean is about as wide as the normal distribution says", () => {
    const [interval] = bootstrapIntervals(200, (times) => [mean(times)], { resamples: 4000 });
    const center = values.reduce((sum, value) => sum + value, 0) / 200;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / 200 / 200);
    expect(Math.abs((interval![1] - interval![0]) / (2 * 1.96 * deviation) - 1)).toBeLessThan(0.08);
    expect(Math.abs((interval![0] + interval![1]) / 2 - center)).toBeLessThan(0.2 * deviation);
  });

  it("covers the true mean about as often as it says", () => {
    let state = 3;
    const draw = () => {
      state = (state * 16807) % 2147483647;
      return state / 2147483647;
    };
    let covered = 0;
    for (let trial = 0; trial < 400; trial++) {
      const correct = Array.from({ length: 150 }, () => Number(draw() < 0.7));
      const fraction = (times: Uint32Array) => [times.reduce((sum, count, i) => sum + count * correct[i]!, 0) / 150];
      const [low, high] = bootstrapIntervals(150, fraction, { resamples: 300, seed: trial })[0]!;
      if (low <= 0.7 && 0.7 <= high) covered += 1;
    }
    // 380 expected; three standard deviations of 4.4.
    expect(Math.abs(covered - 380)).toBeLessThan(14);
  });

  it("is the same for the same seed and another for another", () => {
    const interval = (seed: number) => bootstrapIntervals(200, (times) => [mean(times)], { resamples: 50, seed });
    expect(interval(4)).toEqual(interval(4));
    expect(interval(4)).not.toEqual(interval(5));
  });

  it("leaves out resamples without a value, and is null where none has one", () => {
    const intervals = bootstrapIntervals(2, (times) => [times[0] === 1 ? 7 : Number.NaN, Number.NaN], {
      resamples: 40,
    });
    expect(intervals).toEqual([[7, 7], null]);
  });

  it("refuses no samples, no resamples and a level that is no fraction", () => {
    expect(() => bootstrapIntervals(0, () => [])).toThrow("no samples to measure");
    expect(() => bootstrapIntervals(1, () => [], { resamples: 0 })).toThrow("0 resamples: expected one or more");
    expect(() => bootstrapIntervals(1, () => [], { level: 1 })).toThrow(
      "`level`: received 1; expected a number above 0 and below 1",
    );
  });
});
