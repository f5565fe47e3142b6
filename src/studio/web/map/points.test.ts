import { describe, expect, it } from "vitest";
import { inside, nearest, pointsOf } from "./points.js";

/** A grid of 11 x 11 points; the number of each is 11 y + x. */
const at = Float32Array.from({ length: 242 }, (_, k) => (k % 2 === 0 ? (k / 2) % 11 : Math.floor(k / 22)) / 10);
const points = pointsOf(at.buffer, new Int32Array(121).buffer, new Int32Array(121).buffer);

describe("the points of the map", () => {
  it("inside a loop are found, those in its bounding box but outside are not", () => {
    const triangle = [
      [-0.05, -0.05],
      [0.35, -0.05],
      [-0.05, 0.35],
    ] as const;
    expect(inside(points, triangle)).toEqual([0, 1, 2, 11, 12, 22]);
    expect(
      inside(points, [
        [0, 0],
        [1, 1],
      ]),
    ).toEqual([]);
  });

  it("inside a loop that crosses itself follow the even-odd rule, as a plain test of every point does", () => {
    const star = Array.from({ length: 5 }, (_, i) => {
      const angle = (4 * Math.PI * i) / 5 + 0.1;
      return [0.5 + 0.45 * Math.cos(angle), 0.5 + 0.45 * Math.sin(angle)] as const;
    });
    const crossings = (x: number, y: number) =>
      star.filter(([ax, ay], i) => {
        const [bx, by] = star[(i + 1) % 5] as readonly [number, number];
        return ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax);
      }).length;
    const expected = Array.from({ length: 121 }, (_, i) => i).filter(
      (i) => crossings(at[2 * i] as number, at[2 * i + 1] as number) % 2 === 1,
    );
    expect(inside(points, star)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(10);
  });

  it("are found near a place, and nowhere else", () => {
    expect(nearest(points, 0.31, 0.19, 0.05)).toBe(25);
    expect(nearest(points, 0.35, 0.25, 0.01)).toBeNull();
    expect(nearest(pointsOf(new ArrayBuffer(0), new ArrayBuffer(0), new ArrayBuffer(0)), 0, 0, 1)).toBeNull();
  });
});
