import { describe, expect, it } from "vitest";
import { againstChance } from "./chance.js";

/** Probabilities (n, 2) whose largest is that of the class given for each sample. */
const predicting = (classes: readonly number[]) =>
  Float32Array.from(classes.flatMap((j) => (j === 0 ? [0.9, 0.1] : [0.1, 0.9])));
const repeated = (values: readonly number[], times: number) => Array.from({ length: times }, () => values).flat();

describe("agreement beyond chance", () => {
  it("is near chance where predictions and labels are independent", () => {
    const chance = againstChance(
      predicting(repeated([0, 0, 1, 1], 50)),
      Int32Array.from(repeated([0, 1, 0, 1], 50)),
      2,
    );
    expect(chance).toEqual({ unknown: "near chance", atMost: 0.5 });
  });

  it("is not where four of five predictions are the label: kappa 0.6", () => {
    const labels = repeated([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], 20);
    const predicted = repeated([0, 0, 0, 0, 1, 1, 1, 1, 1, 0], 20);
    expect(againstChance(predicting(predicted), Int32Array.from(labels), 2).unknown).toBeNull();
  });

  it("is unknown where all labels are of one class, whose agreement says nothing", () => {
    const all = repeated([1], 200);
    expect(againstChance(predicting(all), Int32Array.from(all), 2)).toEqual({ unknown: "one class", atMost: 1 });
  });
});
