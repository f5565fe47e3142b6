import { describe, expect, it } from "vitest";
import { confusedPairs, knownLabels, mostConfusedClasses, trueErrorRates, trueNoiseMatrix } from "./confusion.js";

const classes = ["cat", "dog", "frog"];
const clean = [0, 0, 0, 0, 1, 1];
const given = [0, 1, 1, 2, 1, 0];

describe("the true noise matrix", () => {
  it("has the fractions of each true class by given label, and zeros for a class without samples", () => {
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
  it("are the nonzero off-diagonal ones, the largest fraction first, true class before label", () => {
    const matrix = [
      [0.6, 0.3, 0.1],
      [0.4, 0.6, 0],
      [0, 0, 1],
    ];
    expect(confusedPairs(matrix, classes)).toEqual([
      { truth: "dog", given: "cat", fraction: 0.4 },
      { truth: "cat", given: "dog", fraction: 0.3 },
      { truth: "cat", given: "frog", fraction: 0.1 },
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

describe("the true fractions of wrong labels", () => {
  it("count by the label given, and leave out labels that nobody was given", () => {
    expect([...trueErrorRates(given, clean, [...classes, "ship"])]).toEqual([
      ["cat", 0.5],
      ["dog", 2 / 3],
      ["frog", 1],
    ]);
  });
});
