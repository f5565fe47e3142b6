import { describe, expect, it } from "vitest";
import { accuracy, confusionMatrix, perClassAccuracy, predictions } from "./index.js";

const labels = [0, 0, 0, 1, 1, 3];
const predicted = [0, 2, 0, 1, 0, 3];

describe("the confusion matrix", () => {
  it("counts the predictions of each label", () => {
    expect(confusionMatrix(predicted, labels, 4)).toEqual([
      [2, 0, 1, 0],
      [1, 1, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 1],
    ]);
  });

  it("refuses what is no class, and lengths that differ", () => {
    expect(() => confusionMatrix([0], [2], 2)).toThrow("label 2 of sample 0: expected a class from 0 to 1");
    expect(() => confusionMatrix([0, 2], [0, 1], 2)).toThrow("prediction 2 of sample 1: expected a class from 0 to 1");
    expect(() => confusionMatrix([0], [0, 1], 2)).toThrow("1 predictions for 2 labels: expected one for each");
  });
});

describe("per-class accuracy", () => {
  it("is the fraction of each class's samples that are predicted correctly, null where there are none", () => {
    expect(perClassAccuracy(predicted, labels, 4)).toEqual([2 / 3, 1 / 2, null, 1]);
  });

  it("averages to the accuracy, weighted by the classes' samples", () => {
    const logits = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i * i));
    const given = Array.from({ length: 20 }, (_, i) => (i * i) % 3);
    const weighted = perClassAccuracy(predictions(logits, 20), given, 3).map(
      (fraction, label) => ((fraction ?? 0) * given.filter((one) => one === label).length) / 20,
    );
    expect(weighted[0]! + weighted[1]! + weighted[2]!).toBeCloseTo(accuracy(logits, given), 12);
  });
});
