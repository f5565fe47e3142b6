import { describe, expect, it } from "vitest";
import { randomFrom } from "./random.js";

const draws = (...keys: (number | string)[]) => {
  const random = randomFrom(...keys);
  return Array.from({ length: 4 }, () => random.integer(1_000_000));
};

describe("randomFrom", () => {
  it("draws what it has always drawn for a given key, so that old runs can be resumed", () => {
    expect(draws(0, 1, "order")).toEqual([954_590, 809_043, 5_891, 551_112]);
  });

  it("repeats itself for equal keys and differs for keys that differ in value, order, type or number", () => {
    expect(draws(7, "a")).toEqual(draws(7, "a"));
    const others = [draws(8, "a"), draws("a", 7), draws("7", "a"), draws(7, "a", 0), draws(7), draws("7,a")];
    const distinct = new Set([draws(7, "a"), ...others].map(String));
    expect(distinct.size).toBe(7);
  });

  it("refuses keys that are not finite, which would all be alike", () => {
    expect(() => randomFrom(Number.NaN)).toThrow("random key NaN is not finite");
  });

  it("gives neighboring keys unrelated first draws", () => {
    const first = Array.from({ length: 4000 }, (_, seed) => randomFrom(seed, "x").uniform());
    const mean = first.reduce((a, b) => a + b) / first.length;
    const lag = first.slice(1).reduce((sum, value, i) => sum + (value - mean) * (first[i]! - mean), 0) / first.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
    expect(Math.abs(lag)).toBeLessThan(0.006);
  });

  it("draws uniform numbers over [0, 1) and normal ones of mean 0 and deviation 1", () => {
    const random = randomFrom(1, "moments");
    const moments = (draw: () => number) => {
      const values = Array.from({ length: 40_000 }, draw);
      const mean = values.reduce((a, b) => a + b) / values.length;
      return { mean, std: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length), values };
    };
    const uniform = moments(random.uniform);
    expect(uniform.mean).toBeCloseTo(0.5, 2);
    expect(uniform.std).toBeCloseTo(Math.sqrt(1 / 12), 2);
    expect(uniform.values.every((v) => v >= 0 && v < 1)).toBe(true);
    const normal = moments(random.normal);
    expect(Math.abs(normal.mean)).toBeLessThan(0.02);
    expect(Math.abs(normal.std - 1)).toBeLessThan(0.02);
    const outside = normal.values.filter((v) => Math.abs(v) > 1.959964).length / normal.values.length;
    expect(Math.abs(outside - 0.05)).toBeLessThan(0.005);
  });

  it("permutes: every number once, and each place takes every number about equally often", () => {
    expect([...randomFrom(3).permutation(50)].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    const counts = new Int32Array(25);
    for (let seed = 0; seed < 5000; seed++) {
      randomFrom(seed)
        .permutation(5)
        .forEach((item, place) => {
          counts[place * 5 + item]!++;
        });
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it("samples without replacement, and refuses to draw more than there are", () => {
    const sample = randomFrom(3, "s").sample(100, 30);
    expect(new Set(sample).size).toBe(30);
    expect(sample.every((i) => i >= 0 && i < 100)).toBe(true);
    expect(() => randomFrom(3).sample(3, 4)).toThrow("cannot draw 4 of 3");
    expect(randomFrom(3).permutation(0)).toHaveLength(0);
  });
});
