import { describe, expect, it } from "vitest";
import { InputError } from "../../errors.js";
import { stratifiedSplit } from "./split.js";

const classes = ["a", "b", "c"];
const labels = Int32Array.from({ length: 170 }, (_, i) => (i < 100 ? 0 : i < 166 ? 1 : 2));
const countsOf = (part: Int32Array) => classes.map((_, label) => part.filter((i) => labels[i] === label).length);

describe("stratifiedSplit", () => {
  it("puts every sample in one part, in ascending order", () => {
    const { train, validation } = stratifiedSplit(labels, classes, 0.1, 3);
    expect([...train, ...validation].sort((a, b) => a - b)).toEqual([...labels.keys()]);
    for (const part of [train, validation]) expect([...part]).toEqual([...part].sort((a, b) => a - b));
  });

  it("holds out the fraction of each class, at least one sample and never all", () => {
    expect(countsOf(stratifiedSplit(labels, classes, 0.1, 3).validation)).toEqual([10, 7, 1]);
    expect(countsOf(stratifiedSplit(labels, classes, 0.99, 3).train)).toEqual([1, 1, 1]);
  });

  it("depends on the seed, and draws at random inside a class", () => {
    const held = (seed: number) => [...stratifiedSplit(labels, classes, 0.3, seed).validation];
    expect(held(1)).toEqual(held(1));
    expect(held(1)).not.toEqual(held(2));
    expect(held(1).slice(0, 30)).not.toEqual(Array.from({ length: 30 }, (_, i) => i));
  });

  it("holds other samples out for a test part, and says what it was asked for", () => {
    const test = stratifiedSplit(labels, classes, 0.3, 0, "test").validation;
    expect(countsOf(test)).toEqual([30, 20, 1]);
    expect(test).not.toEqual(stratifiedSplit(labels, classes, 0.3, 0).validation);
    expect(() => stratifiedSplit(labels, classes, 1, 0, "test")).toThrow("test fraction 1 is out of range");
  });

  it("leaves a class with one sample in training, with a note, and passes over a class with none", () => {
    const { train, validation, notes } = stratifiedSplit(Int32Array.of(0, 0, 1), classes, 0.5, 0);
    expect({ left: train.includes(2), held: validation.length }).toEqual({ left: true, held: 1 });
    expect(notes).toEqual(["classes of one sample, which stays in training: b"]);
    expect(stratifiedSplit(Int32Array.of(0, 0, 2, 2), classes, 0.5, 0)).toMatchObject({ notes: [] });
  });

  it("refuses a fraction outside (0, 1)", () => {
    for (const fraction of [0, 1, -0.1, 2, Number.NaN]) {
      expect(() => stratifiedSplit(labels, classes, fraction, 0)).toThrow(InputError);
    }
  });
});
