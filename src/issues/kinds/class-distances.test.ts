import { describe, expect, it } from "vitest";
import { randomFrom } from "../../data/index.js";
import { classDistances } from "./class-distances.js";

const random = randomFrom(3, "class distances");
const n = 60;
const labels = Int32Array.from({ length: n }, (_, i) => (i < 56 ? i % 2 : i === 59 ? -1 : 2));
/** Two features; class 2 has three samples. */
const values = Float32Array.from({ length: 2 * n }, (_, at) => random.normal() * (1 + (at % 2)) + 3 * labels[at >> 1]!);

/** By the formula, with the inverse of a 2 x 2 matrix. */
function expected(left: readonly number[] = []): number[] {
  const rows = Array.from({ length: n }, (_, i) => i).filter((i) => !left.includes(i));
  const row = (i: number) => [values[2 * i]!, values[2 * i + 1]!] as const;
  const meanOf = (some: readonly number[]) =>
    [0, 1].map((j) => some.reduce((sum, i) => sum + row(i)[j]!, 0) / some.length);
  const means = [0, 1].map((label) => meanOf(rows.filter((i) => labels[i] === label)));
  const all = meanOf(rows);
  const about = (i: number) => means[labels[i]!] ?? all;
  const covariance = (a: number, b: number) =>
    rows.reduce((sum, i) => sum + (row(i)[a]! - about(i)[a]!) * (row(i)[b]! - about(i)[b]!), 0) / rows.length;
  const extra = (0.01 * (covariance(0, 0) + covariance(1, 1))) / 2;
  const [p, q, r] = [covariance(0, 0) + extra, covariance(0, 1), covariance(1, 1) + extra];
  return Array.from({ length: n }, (_, i) => {
    if (left.includes(i)) return Number.NaN;
    const distances = means.map(([x, y]) => {
      const [dx, dy] = [row(i)[0] - x!, row(i)[1] - y!];
      return (r * dx * dx - 2 * q * dx * dy + p * dy * dy) / (p * r - q * q);
    });
    return Math.min(...distances);
  });
}

describe("distances to the nearest class", () => {
  it("are Mahalanobis distances with one covariance; small classes have no mean of their own", async () => {
    const found = await classDistances({ values, size: 2 }, labels);
    expected().forEach((value, i) => void expect(found[i]).toBeCloseTo(value, 3));
  });

  it("leave out rows that cannot be read", async () => {
    const found = await classDistances({ values, size: 2 }, labels, Int32Array.of(4, 7));
    const [skipped, others] = [[4, 7], expected([4, 7])];
    for (const i of skipped) expect(found[i]).toBeNaN();
    others.forEach((value, i) => void (skipped.includes(i) || expect(found[i]).toBeCloseTo(value, 3)));
  });

  it("are those to the mean of all samples where no class has ten", async () => {
    const unlabeled = new Int32Array(n).fill(-1);
    const found = await classDistances({ values, size: 2 }, unlabeled);
    const one = await classDistances({ values, size: 2 }, new Int32Array(n));
    found.forEach((value, i) => void expect(value).toBeCloseTo(one[i]!, 4));
    expect([...(await classDistances({ values: new Float32Array(8).fill(2), size: 2 }, new Int32Array(4)))]).toEqual([
      0, 0, 0, 0,
    ]);
  });
});
