import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { randomFrom } from "../../data/index.js";
import { alignment, uniformity } from "../../metrics/index.js";
import { healthOf, singularValues } from "./health.js";

const random = randomFrom(4, "health test");
const normal = (count: number) => Float32Array.from({ length: count }, () => random.normal());

/** Singular values by one-sided Jacobi rotations: columns are turned until all are at right angles; their lengths remain. */
function plainSingularValues(matrix: Float32Array, size: number): number[] {
  const columns = Array.from({ length: size }, (_, j) => Array.from(matrix.filter((_, at) => at % size === j)));
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const [a, b] = [columns[p]!, columns[q]!];
        const angle = Math.atan2(2 * dot(a, b), dot(a, a) - dot(b, b)) / 2;
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        columns[p] = a.map((value, i) => cos * value + sin * b[i]!);
        columns[q] = a.map((value, i) => cos * b[i]! - sin * value);
      }
    }
  }
  return columns.map((column) => Math.sqrt(dot(column, column))).sort((a, b) => b - a);
}

describe("the health of a network's features", () => {
  it("takes two samples", () => {
    expect(() => healthOf(normal(6), 1, null)).toThrow(
      "the features of 1 test sample cannot be evaluated; expected two or more",
    );
  });

  it("rests on the singular values that Jacobi's rotations find", () => {
    const matrix = normal(20 * 6);
    expectAllClose(singularValues(matrix, 6), plainSingularValues(matrix, 6), { rtol: 1e-9 });
    const [one, ...others] = singularValues(
      Float32Array.from({ length: 12 }, (_, i) => (i % 3) - 1),
      3,
    );
    expectAllClose(one as number, Math.sqrt(8), { rtol: 1e-12 });
    expectAllClose(others, [0, 0], { atol: 1e-7 });
  });

  it("is that of an even spread for many normal draws, and of a point for a collapsed network", () => {
    const [samples, size] = [1000, 16];
    const even = healthOf(normal(samples * size), samples, null);
    expect(even.deviation / even.evenDeviation).toBeCloseTo(1, 2);
    expect(even.effectiveRank).toBeGreaterThan(15.9);
    expect(even.effectiveRank).toBeLessThanOrEqual(16);
    expect(even.uniformity).toBeCloseTo(-3.5, 0);
    expect(even.alignment).toBeNull();
    const point = healthOf(new Float32Array(samples * size).fill(0.5), samples, null);
    expect(point.deviation).toBeCloseTo(0, 10);
    expect(point.effectiveRank).toBeCloseTo(1, 5);
    expect(point.uniformity).toBeCloseTo(0, 10);
  });

  it("says what the metrics say of the same rows, and of two views", () => {
    const [rows, first, second] = [normal(40), normal(40), normal(40)];
    const health = healthOf(rows, 10, [first, second]);
    expect(health).toMatchObject({ size: 4, samples: 10, evenDeviation: 0.5, uniformity: uniformity(rows, 10) });
    expect(health.alignment).toBe(alignment(first, second, 10));
  });
});
