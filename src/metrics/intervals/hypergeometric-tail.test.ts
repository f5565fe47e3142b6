import { describe, expect, it } from "vitest";
import { hypergeometricTail } from "./hypergeometric-tail.js";

/** Of all ways to draw, those with enough hits, counted one by one. */
function counted(hits: number, drawn: number, marked: number, population: number): number {
  let [enough, all] = [0, 0];
  for (let set = 0; set < 2 ** population; set++) {
    const chosen = Array.from({ length: population }, (_, i) => (set >> i) & 1);
    if (chosen.reduce((sum, bit) => sum + bit, 0) !== drawn) continue;
    all += 1;
    if (chosen.slice(0, marked).reduce((sum, bit) => sum + bit, 0) >= hits) enough += 1;
  }
  return enough / all;
}

describe("the hypergeometric tail", () => {
  it("agrees with counting all draws", () => {
    for (const [hits, drawn, marked, population] of [
      [2, 4, 3, 9],
      [0, 4, 3, 9],
      [3, 3, 3, 9],
      [1, 5, 1, 10],
      [4, 8, 6, 10],
      [5, 3, 4, 8],
    ] as const) {
      expect(hypergeometricTail(hits, drawn, marked, population)).toBeCloseTo(
        counted(hits, drawn, marked, population),
        10,
      );
    }
  });

  it("is exact for large samples: half of a symmetric distribution and its middle", () => {
    const [drawn, marked, population] = [1000, 10_001, 20_002];
    const [from500, from501] = [500, 501].map((hits) => hypergeometricTail(hits, drawn, marked, population)) as [
      number,
      number,
    ];
    expect(from500 + from501).toBeCloseTo(1, 8);
  });
});
