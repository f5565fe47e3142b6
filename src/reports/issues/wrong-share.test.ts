import { describe, expect, it } from "vitest";
import { randomFrom } from "../../data/index.js";
import { estimateWrongShare } from "./wrong-share.js";

const random = randomFrom(4, "wrong share test");
/** Close to normal: the sum of twelve uniform draws. */
const normal = () => Array.from({ length: 12 }, () => random.integer(1e6) / 1e6).reduce((a, b) => a + b, -6);
const heap = (count: number, mean: number) => Array.from({ length: count }, () => mean + normal());

describe("the estimated share of wrong labels", () => {
  it.each([0.05, 0.2, 0.4, 0.7])("is that of the lower of two heaps of margins, %f", (share) => {
    const margins = Float64Array.from([...heap(4000 * share, -2), ...heap(4000 * (1 - share), 1.5)]);
    expect(Math.abs(estimateWrongShare(margins) - share)).toBeLessThan(0.02);
  });

  it("does not change with the scale of the margins", () => {
    const margins = Float64Array.from([...heap(600, -2), ...heap(1400, 1.5)]);
    expect(estimateWrongShare(margins.map((margin) => 50 * margin + 7))).toBeCloseTo(estimateWrongShare(margins), 4);
  });

  it("is 0 where there is one heap, and where all margins are equal", () => {
    expect(estimateWrongShare(Float64Array.from(heap(4000, 3)))).toBe(0);
    expect(estimateWrongShare(new Float64Array(10).fill(2))).toBe(0);
    expect(estimateWrongShare(Float64Array.of(1))).toBe(0);
  });
});
