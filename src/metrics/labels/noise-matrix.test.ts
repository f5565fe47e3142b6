import { describe, expect, it } from "vitest";
import { classErrors, confidentJoint, estimatedErrorRate, noiseMatrix } from "../index.js";

let state = 5;
const draw = () => {
  state = (state * 16807) % 2147483647;
  return state / 2147483647;
};
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** n rows of `classes` probabilities that lean to the true class; labels flipped to the next class with a chance. */
function population(n: number, classes: number, flip: number, sharpness: number) {
  const truth = Array.from({ length: n }, (_, i) => i % classes);
  const labels = truth.map((label) => (draw() < flip ? (label + 1) % classes : label));
  const rows = truth.map((label) => {
    const weights = Array.from({ length: classes }, (_, j) => draw() + (j === label ? sharpness * draw() : 0));
    return weights.map((weight) => weight / sum(weights));
  });
  return { truth, labels, rows, probabilities: Float64Array.from(rows.flat()) };
}

/** The definition, sample by sample and class by class. */
function jointByDefinition(rows: readonly number[][], labels: readonly number[], classes: number): number[][] {
  const all = Array.from({ length: classes }, (_, j) => j);
  const given = (j: number) => rows.filter((_, i) => labels[i] === j);
  const thresholds = all.map((j) => sum(given(j).map((row) => row[j]!)) / given(j).length);
  const isCounted = (row: readonly number[], j: number) =>
    row[j]! >= thresholds[j]! && all.every((l) => !(row[l]! >= thresholds[l]!) || row[l]! <= row[j]!);
  return all.map((i) => {
    const counts = all.map((j) => given(i).filter((row) => isCounted(row, j)).length);
    return counts.map((count) => (count / sum(counts)) * given(i).length);
  });
}

describe("the confident joint", () => {
  it("is that of its definition, and its rows sum to the number of samples with each label", () => {
    const { probabilities, rows, labels } = population(600, 4, 0.25, 2);
    const joint = confidentJoint(probabilities, labels);
    const expected = jointByDefinition(rows, labels, 4);
    joint.forEach((row, i) => {
      row.forEach((count, j) => {
        expect(count).toBeCloseTo(expected[i]![j]!, 9);
      });
      expect(sum(row)).toBeCloseTo(labels.filter((label) => label === i).length, 9);
    });
    expect(sum(joint.map((row, i) => row[(i + 1) % 4]! + row[(i + 2) % 4]!))).toBeGreaterThan(0);
  });

  it("recovers exactly the noise that was added to a network's correct predictions", () => {
    const { probabilities, truth, labels } = population(500, 5, 0.3, 0);
    const sure = probabilities.map((_, k) => (k % 5 === truth[Math.floor(k / 5)] ? 0.9 : 0.025));
    const joint = confidentJoint(sure, labels);
    const wrong = labels.filter((label, i) => label !== truth[i]).length;
    expect(estimatedErrorRate(joint)).toBeCloseTo(wrong / 500, 12);
    joint.forEach((row, given) => {
      row.forEach((count, real) => {
        expect(count).toBeCloseTo(labels.filter((label, i) => label === given && truth[i] === real).length, 9);
      });
    });
  });

  it("does not depend on the order of the samples", () => {
    const { rows, labels, probabilities } = population(200, 3, 0.2, 3);
    const backwards = confidentJoint(Float64Array.from([...rows].reverse().flat()), [...labels].reverse());
    confidentJoint(probabilities, labels).forEach((row, i) => {
      row.forEach((count, j) => {
        expect(backwards[i]![j]).toBeCloseTo(count, 9);
      });
    });
  });

  it("counts nothing for a class that no sample is labeled as, and gives equal probabilities to the first", () => {
    expect(confidentJoint(Float64Array.of(0.5, 0.5, 0, 0.1, 0.2, 0.7), [0, 1])).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
    expect(confidentJoint(Float64Array.of(0.5, 0.5, 0.5, 0.5), [0, 1])).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });

  it("scales what is counted to all samples of a label, those above no threshold too", () => {
    // The third sample is below all thresholds: 0.9, 0.6 and 0.55.
    const probabilities = Float64Array.of(0.9, 0.05, 0.05, 0.2, 0.6, 0.2, 0.5, 0.3, 0.2, 0.05, 0.05, 0.9);
    expect(confidentJoint(probabilities, [0, 1, 2, 2])[2]).toEqual([0, 0, 2]);
  });

  it("takes the labels as correct where rounding leaves none above the threshold", () => {
    expect((0.1 + 0.1 + 0.1) / 3).toBeGreaterThan(0.1);
    expect(confidentJoint(Float64Array.of(0.1, 0.9, 0.1, 0.9, 0.1, 0.9), [0, 0, 0])).toEqual([
      [3, 0],
      [0, 0],
    ]);
  });
});

describe("the noise matrices", () => {
  const joint = [
    [30, 10, 0],
    [10, 20, 0],
    [0, 0, 0],
  ];

  it("are the joint's columns and rows over their sums, the identity for a class without samples", () => {
    const { givenOfTrue, trueOfGiven } = noiseMatrix([
      [30, 20, 0],
      [10, 40, 0],
      [0, 0, 0],
    ]);
    expect(givenOfTrue).toEqual([
      [30 / 40, 10 / 40, 0],
      [20 / 60, 40 / 60, 0],
      [0, 0, 1],
    ]);
    expect(trueOfGiven).toEqual([
      [30 / 50, 20 / 50, 0],
      [10 / 50, 40 / 50, 0],
      [0, 0, 1],
    ]);
  });

  it("give the errors of each class, and of all", () => {
    expect(classErrors(joint)).toEqual([
      { labeled: 40, wrong: 10, wrongFraction: 10 / 40, missedFraction: 10 / 40 },
      { labeled: 30, wrong: 10, wrongFraction: 10 / 30, missedFraction: 10 / 30 },
      { labeled: 0, wrong: 0, wrongFraction: null, missedFraction: null },
    ]);
    expect(
      classErrors([
        [30, 20],
        [10, 40],
      ])[0],
    ).toEqual({ labeled: 50, wrong: 20, wrongFraction: 0.4, missedFraction: 0.25 });
    expect(estimatedErrorRate(joint)).toBeCloseTo(20 / 70, 15);
    expect(() => estimatedErrorRate([[0]])).toThrow("a joint of no samples");
  });
});
