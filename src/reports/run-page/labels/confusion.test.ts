import { describe, expect, it } from "vitest";
import { confusedPairs, knownLabels, mostConfusedClasses, trueErrorShares, trueNoiseMatrix } from "./confusion.js";

const classes = ["cat", "dog", "frog"];
const clean = [0, 0, 0, 0, 1, 1];
const given = [0, 1, 1, 2, 1, 0];

describe("the true noise matrix", () => {
  it("has the shares of each true class by label given, and zeros for a class without samples", () => {
    expect(trueNoiseMatrix(given, clean, 3)).toEqual([
      [0.25, 0.5, 0.25],
      [0.5, 0.5, 0],
      [0, 0, 0],
    ]);
  });
});

describe("the labels known", () => {
  it("are those of the records trained on, where there is a truth at all", () => {
    const record = { given, clean, targets: null, trained: [5, 3, 0] };
    expect(knownLabels(record)).toEqual({ given: [0, 2, 0], clean: [1, 0, 0] });
    expect(knownLabels({ ...record, clean: null })).toBeNull();
  });
});

describe("the pairs most confused", () => {
  it("are those off the diagonal that occur, the largest share first, true class before label", () => {
    const matrix = [
      [0.6, 0.3, 0.1],
      [0.4, 0.6, 0],
      [0, 0, 1],
    ];
    expect(confusedPairs(matrix, classes)).toEqual([
      { truth: "dog", given: "cat", share: 0.4 },
      { truth: "cat", given: "dog", share: 0.3 },
      { truth: "cat", given: "frog", share: 0.1 },
    ]);
  });

  it("pick the classes for a matrix that would be too large, in their own order", () => {
    const matrix = [
      [0.9, 0.1, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 0.5, 0.5],
      [0, 0, 0, 1],
    ];
    expect(mostConfusedClasses(matrix, 2)).toEqual([2, 3]);
    expect(mostConfusedClasses(matrix, 9)).toEqual([0, 1, 2, 3]);
  });
});

describe("the true shares of wrong labels", () => {
  it("count by the label given, and leave out labels that nobody was given", () => {
    expect([...trueErrorShares(given, clean, [...classes, "ship"])]).toEqual([
      ["cat", 0.5],
      ["dog", 2 / 3],
      ["frog", 1],
    ]);
  });
});
