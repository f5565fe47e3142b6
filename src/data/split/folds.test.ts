import { describe, expect, it } from "vitest";
import { copiesInOneFold, stratifiedFolds } from "./folds.js";

describe("folds", () => {
  const labels = Int32Array.from({ length: 103 }, (_, i) => (i < 60 ? 0 : i < 100 ? 1 : i < 102 ? 2 : -1));

  it("have as many samples of each class as of any other fold, give or take one", () => {
    const folds = stratifiedFolds(labels, 3, 5, 7);
    const counts = [0, 1, 2, 3, 4].map((fold) =>
      [0, 1].map((label) => labels.filter((own, i) => own === label && folds[i] === fold).length),
    );
    expect(counts).toEqual(new Array(5).fill([12, 8]));
    expect(new Set(folds.subarray(100, 102)).size).toBe(2);
    const sizes = [0, 1, 2, 3, 4].map((fold) => folds.filter((own) => own === fold).length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it("are the same by the same seed, and others by another", () => {
    expect(stratifiedFolds(labels, 3, 5, 7)).toEqual(stratifiedFolds(labels, 3, 5, 7));
    expect(stratifiedFolds(labels, 3, 5, 8)).not.toEqual(stratifiedFolds(labels, 3, 5, 7));
  });

  it("are at least two, and no more than samples", () => {
    expect(() => stratifiedFolds(labels, 3, 1, 0)).toThrow("`folds`: received 1; expected 2 to 103");
    expect(() => stratifiedFolds(labels, 3, 104, 0)).toThrow("`folds`: received 104");
  });

  it("have copies in the fold of the first of them, and every class in two folds or more", () => {
    const folds = Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1);
    const classes = Int32Array.of(0, 0, 0, 0, 1, 1, 2, 2);
    const groups = [
      [1, 2],
      [4, 5],
      [6, 7],
    ];
    const joined = copiesInOneFold(folds, classes, groups);
    expect(joined).toEqual({ folds: Int32Array.of(0, 1, 1, 0, 1, 2, 0, 1), moved: 1 });
    expect(folds[2]).toBe(2);
  });
});
