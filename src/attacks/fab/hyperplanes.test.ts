import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { randomFrom } from "../../data/index.js";
import { tensor } from "../../torch/index.js";
import { projectOntoHyperplane } from "./hyperplanes.js";

type Norm = "inf" | "2";
interface Case {
  readonly point: readonly number[];
  readonly normal: readonly number[];
  readonly offset: number;
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const lengthOf = (norm: Norm, v: readonly number[]) =>
  norm === "inf" ? Math.max(...v.map(Math.abs)) : Math.hypot(...v);

/** By bisection of how long all coordinates move, each stopping at the box. */
function slowly(norm: Norm, { point, normal, offset }: Case): number[] {
  const distance = dot(normal, point) - offset;
  const after = (time: number) =>
    point.map((x, i) => {
      const towards = -Math.sign(distance) * (norm === "inf" ? Math.sign(normal[i]!) : normal[i]!);
      return Math.min(1, Math.max(0, x + time * towards)) - x;
    });
  let [low, high] = [0, 1e6];
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (Math.abs(dot(normal, after(middle))) < Math.abs(distance)) low = middle;
    else high = middle;
  }
  return after(high);
}

function vectorized(norm: Norm, cases: readonly Case[]): number[][] {
  const f64 = (values: number[] | number[][]) => tensor(values, { dtype: "float64" });
  const normal = f64(cases.map((each) => [...each.normal]));
  const offset = f64(cases.map((each) => each.offset));
  const points = f64(cases.map((each) => [...each.point]));
  return projectOntoHyperplane(norm, points, { normal, offset }).toArray() as number[][];
}

/** Points in the box, some on its faces, and hyperplanes through the box and outside it, some with coordinates of no weight. */
function draw(seed: number, dimensions: number): Case {
  const random = randomFrom(seed, "hyperplane");
  const point = Array.from({ length: dimensions }, () =>
    random.uniform() < 0.2 ? random.integer(2) : random.uniform(),
  );
  const normal = point.map(() => (random.uniform() < 0.2 ? 0 : 3 * random.normal()));
  return { point, normal, offset: dot(normal, point) + 2 * random.normal() };
}

describe.each(["inf", "2"] as const)("the projection onto a hyperplane in the %s norm", (norm) => {
  it("is that of a plain loop, for a batch of points at once", () => {
    const cases = Array.from({ length: 200 }, (_, seed) => draw(seed, 7));
    const expected = cases.map((each) => slowly(norm, each));
    expectAllClose(tensor(vectorized(norm, cases).flat()), expected.flat(), { atol: 1e-6 });
  });

  it("reaches the hyperplane inside the box, and no point of a fine grid that does is nearer", () => {
    const steps = 60;
    let compared = 0;
    for (let seed = 0; seed < 20; seed++) {
      const each = draw(seed, 3);
      const way = vectorized(norm, [each])[0]!;
      const reached = each.point.map((x, i) => x + way[i]!);
      expect(Math.min(...reached)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...reached)).toBeLessThanOrEqual(1);
      if (Math.abs(dot(each.normal, reached) - each.offset) > 1e-9) continue;
      const pivot = each.normal.findIndex((value) => Math.abs(value) === Math.max(...each.normal.map(Math.abs)));
      for (let cell = 0; cell < steps ** 2; cell++) {
        const free = [Math.floor(cell / steps) / (steps - 1), (cell % steps) / (steps - 1)];
        const other = each.point.map((_, i) => (i === pivot ? 0 : (free.shift() as number)));
        other[pivot] = (each.offset - dot(each.normal, other)) / each.normal[pivot]!;
        if (other[pivot]! < 0 || other[pivot]! > 1) continue;
        const distance = lengthOf(
          norm,
          other.map((value, i) => value - each.point[i]!),
        );
        expect(distance).toBeGreaterThan(lengthOf(norm, way) - 1e-9);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(1000);
  });

  it("moves to the nearest corner where the hyperplane misses the box, and not at all without a normal", () => {
    const cases = [
      { point: [0.25, 0.5, 0.75], normal: [1, -2, 0], offset: -5 },
      { point: [0.25, 0.5, 0.75], normal: [0, 0, 0], offset: 1 },
    ];
    expect(vectorized(norm, cases).map((row) => row.map((value) => value + 0))).toEqual([
      [-0.25, 0.5, 0],
      [0, 0, 0],
    ]);
  });
});
