import { describe, expect, it } from "vitest";
import { randomFrom } from "../../data/index.js";
import { findIssuesByFeatures } from "../find-issues.js";
import { concentration, verdictsOf } from "./verdict.js";

/** The log odds of another class, P(wrong), the concentration of the rest on it, and whether the sample is far from all others. */
type Row = readonly [odds: number, pWrong: number, spread: number, isFar: boolean];

const verdicts = (rows: readonly Row[], isTrainedOn = true) =>
  verdictsOf({
    odds: Float64Array.from(rows, ([odds]) => odds),
    pWrong: Float64Array.from(rows, ([, pWrong]) => pWrong),
    isFar: rows.map(([, , , isFar]) => isFar),
    concentration: isTrainedOn ? Float64Array.from(rows, ([, , spread]) => spread) : null,
  });

const usual: Row = [-3, 0, 0.3, false];

describe("the verdict on a sample", () => {
  it("follows from the odds, P(wrong), the distance and the concentration, in this order", () => {
    const rows: Row[] = [
      [2, 0.9, 0.8, false],
      [2, 0.9, 0.3, true],
      [2, 0.9, 0.8, true], // memorized: far, and clearly of one other class
      [-0.69, 0.1, 0.3, false], // another class is just half as probable
      [-0.7, 0.1, 0.3, false],
      [-3.5, 0, 0.2, true], // far, and the label is beyond doubt
      ...[usual, usual, usual, usual, usual, usual],
    ];
    const expected = ["mislabeled", "outlier", "mislabeled", "ambiguous", "hard", "hard"];
    expect(verdicts(rows).slice(0, 6)).toEqual(expected);
    expect(verdicts(rows, false).slice(0, 6)).toEqual(expected.with(2, "outlier"));
  });

  it("takes the suggested class's part of the rest, also where there is no rest", () => {
    expect(concentration(0.6, 0.1)).toBeCloseTo(0.25, 12);
    expect(concentration(1, 0)).toBe(1);
  });
});

/** Samples around the corners of a simplex, one a class, and some of each planted kind. */
function planted(seed: number) {
  const random = randomFrom(seed, "planted kinds");
  const [classes, size, each] = [10, 60, 60];
  const kinds = Array.from({ length: classes * each }, (_, i) =>
    i % 20 === 0 ? "mislabeled" : i % 20 === 1 ? "ambiguous" : i % 20 === 2 ? "outlier" : "right",
  );
  const truth = kinds.map((_, i) => Math.floor(i / each));
  const other = truth.map((label) => (label + 1 + random.integer(classes - 1)) % classes);
  const centers: Record<string, (i: number, j: number) => number> = {
    ambiguous: (i, j) => 3 * (Number(j === truth[i]) + Number(j === other[i])),
    outlier: (_, j) => 2 * Number(j >= classes) * random.normal(),
  };
  const right = (i: number, j: number) => 5 * Number(j === truth[i]);
  const rows = kinds.map((kind, i) =>
    Array.from({ length: size }, (_, j) => (centers[kind] ?? right)(i, j) + 0.7 * random.normal()),
  );
  const labels = kinds.map(
    (kind, i) => (kind === "mislabeled" || (kind === "ambiguous" && i % 40 === 1) ? other : truth)[i]!,
  );
  return {
    kinds,
    labels: Int32Array.from(labels),
    features: { values: Float32Array.from(rows.flat()), size },
    classes,
  };
}

describe("the verdicts on planted samples", () => {
  it("are those of wrong labels and outliers, of every fourth ambiguous sample, and hard for the right labels", async () => {
    const { kinds, labels, features, classes } = planted(1);
    const names = Array.from({ length: classes }, (_, i) => `class ${i}`);
    const { issues } = await findIssuesByFeatures({ features, labels, classes: names, types: ["outlier"] });
    const fractionOf = (kind: string, verdict: string) => {
      const those = issues.filter(({ index }) => kinds[index] === kind);
      return those.filter((issue) => issue.verdict === verdict).length / those.length;
    };
    expect(fractionOf("mislabeled", "mislabeled")).toBeGreaterThan(0.95);
    expect(fractionOf("outlier", "outlier")).toBeGreaterThan(0.95);
    expect(fractionOf("ambiguous", "ambiguous")).toBeGreaterThan(0.25);
    expect(fractionOf("right", "hard")).toBeGreaterThan(0.99);
  });
});
