import { describe, expect, it } from "vitest";
import { stratifiedSubset } from "./label-fraction.js";

/** 100 samples of class 0, 40 of class 1, 3 of class 2, none of class 3. */
const labels = Int32Array.from({ length: 143 }, (_, i) => (i % 7 === 0 && i < 20 ? 2 : i < 103 ? 0 : 1));
const countsOf = (chosen: Int32Array) => [0, 1, 2, 3].map((label) => chosen.filter((i) => labels[i] === label).length);

describe("a fraction of the labels", () => {
  it("is that fraction of every class, at least one", () => {
    expect(countsOf(stratifiedSubset(labels, 4, 1, 0))).toEqual([100, 40, 3, 0]);
    expect(countsOf(stratifiedSubset(labels, 4, 0.1, 0))).toEqual([10, 4, 1, 0]);
    expect(countsOf(stratifiedSubset(labels, 4, 0.001, 0))).toEqual([1, 1, 1, 0]);
  });

  it("names each sample once, in ascending order, the same by the same seed only", () => {
    const chosen = stratifiedSubset(labels, 4, 0.3, 7);
    expect([...chosen]).toEqual([...new Set(chosen)].sort((a, b) => a - b));
    expect(stratifiedSubset(labels, 4, 0.3, 7)).toEqual(chosen);
    expect(stratifiedSubset(labels, 4, 0.3, 8)).not.toEqual(chosen);
  });

  it("is neither nothing nor more than all", () => {
    for (const fraction of [0, -1, 1.5, Number.NaN]) {
      expect(() => stratifiedSubset(labels, 4, fraction, 0)).toThrow(`a label fraction of ${fraction} is out of range`);
    }
  });
});
