import { describe, expect, it } from "vitest";
import type { DataSet, HeldSamples } from "./types.js";
import { validated } from "./validate.js";

const samples: HeldSamples = { values: Uint8Array.of(1, 2, 3, 4), shape: [1, 1, 2], labels: Int32Array.of(0, 1) };
const set: DataSet = { format: "idx", classes: ["a", "b"], train: samples, test: samples, notes: [] };
const train = (part: Partial<HeldSamples>): DataSet => ({ ...set, train: { ...samples, ...part } });
const test = (part: Partial<HeldSamples>): DataSet => ({ ...set, test: { ...samples, ...part } });

describe("validated", () => {
  it("hands back what is in order, with a class of a single sample or a test set of one class too", () => {
    expect(validated(set)).toBe(set);
    expect(validated({ ...set, test: null }).test).toBeNull();
    const oneClass = test({ labels: Int32Array.of(1, 1) });
    expect(validated(oneClass)).toBe(oneClass);
  });

  it("takes training samples without a label, or of one class, where labels are not asked for", () => {
    const some = train({ labels: Int32Array.of(-1, 1) });
    expect(validated(some, { unlabeled: true })).toBe(some);
    expect(() => validated(some)).toThrow("training sample 0: label -1 is out of range");
    const one = { ...train({ labels: Int32Array.of(-1, -1) }), classes: ["a"], test: null };
    expect(validated(one, { unlabeled: true })).toBe(one);
    expect(() => validated(train({ labels: Int32Array.of(-2, 1) }), { unlabeled: true })).toThrow("label -2");
    expect(() => validated(test({ labels: Int32Array.of(-1, 1) }), { unlabeled: true })).toThrow("label -1");
  });

  it.each([
    [{ ...set, classes: ["a"] }, 'only one class found, "a"; expected samples of two classes or more'],
    [train({ labels: Int32Array.of(1, 1) }), 'all training samples are of the class "b"; expected two or more'],
    [train({ values: new Uint8Array(0), labels: new Int32Array(0) }), "the training set is empty"],
    [test({ values: new Uint8Array(0), labels: new Int32Array(0) }), "the test set is empty"],
    [train({ shape: [1, 0, 2] }), "training samples have shape (1, 0, 2), which holds no values"],
    [train({ values: new Uint8Array(6) }), "the training set has 3 samples of shape (1, 1, 2) and 2 labels"],
    [
      train({ labels: Int32Array.of(0, 2), files: ["x.png", "y.png"] }),
      "training sample 1 (y.png): label 2 is out of range",
    ],
    [test({ labels: Int32Array.of(-1, 0) }), "test sample 0: label -1 is out of range; expected 0 to 1"],
    [test({ shape: [1, 2, 1] }), "test samples have shape (1, 2, 1); expected (1, 1, 2), as in training"],
    [train({ values: Float32Array.of(1, 2, Number.POSITIVE_INFINITY, 3) }), "training sample 1: holds Infinity"],
  ])("refuses wrong data, case %#", (data, message) => {
    expect(() => validated(data)).toThrow(message);
  });
});
