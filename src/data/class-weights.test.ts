import { describe, expect, it } from "vitest";
import { InputError } from "../errors.js";
import { balancedWeights, countClasses, describeClassWeights, parseClassWeights } from "./class-weights.js";
import { oversample } from "./loader/oversample.js";

const classes = ["cat", "dog", "eel"];
const labels = Int32Array.of(0, 0, 0, 0, 0, 0, 1, 1, 2, 0);
const all = Int32Array.from(labels.keys());

describe("balanced weights", () => {
  it("are n / (k n_c), their mean over the samples 1", () => {
    const counts = countClasses(labels, all, 3);
    expect(counts).toEqual([7, 2, 1]);
    const weights = balancedWeights(counts);
    expect(weights).toEqual([10 / 21, 10 / 6, 10 / 3]);
    expect(labels.reduce((sum, label) => sum + (weights[label] as number), 0) / labels.length).toBeCloseTo(1, 12);
  });

  it("leave out classes without samples, and count only the samples trained on", () => {
    expect(balancedWeights([4, 0, 2])).toEqual([0.75, 1, 1.5]);
    expect(countClasses(labels, Int32Array.of(0, 8), 3)).toEqual([1, 0, 1]);
  });
});

describe("weights that are given", () => {
  it.each([
    ["1,2.5,0", [1, 2.5, 0]],
    ["dog=4", [1, 4, 1]],
    ["eel = 2, cat=0.5", [0.5, 1, 2]],
    ["balanced", [1, 1, 1]],
    ["0,0,1", [0, 0, 1]],
  ])("are read: %s", (text, expected) => {
    expect(parseClassWeights(text, classes, [5, 5, 5])).toEqual(expected);
  });

  it.each([
    ["1,2", "`classWeights: 1,2`: received 2 weights; expected 3, one per class: cat, dog, eel"],
    ["cow=2", '`classWeights: cow=2`: received "cow=2"; expected CLASS=WEIGHT of cat, dog, eel'],
    ["cat=-1", '`classWeights: cat=-1`: received the weight "-1"; expected balanced, or numbers of at least 0'],
    ["dog=2,dog=3", "`classWeights: dog=2,dog=3`: received two weights of dog"],
    ["0,0,0", "`classWeights: 0,0,0`: no class with samples has a weight over 0"],
    ["1,,1", '`classWeights: 1,,1`: received the weight ""; expected balanced, or numbers of at least 0'],
  ])("are refused in one line: %s", (text, message) => {
    expect(() => parseClassWeights(text, classes, [5, 5, 5])).toThrow(new InputError(message));
  });

  it("are of a class whatever Unicode form its name is in", () => {
    expect(parseClassWeights("e\u0301te\u0301=2", ["\u00e9t\u00e9", "hiver"], [5, 5])).toEqual([2, 1]);
  });

  it("are logged, of many classes the smallest and the largest", () => {
    expect(describeClassWeights([0.5, 1, 3.3333333], classes)).toBe(
      "class weights in the loss: cat 0.5, dog 1, eel 3.33",
    );
    const names = Array.from({ length: 12 }, (_, i) => `c${i}`);
    const weights = names.map((_, i) => (i === 4 ? 0.1 : i === 7 ? 9 : 1));
    expect(describeClassWeights(weights, names)).toBe("class weights in the loss: from c4 0.1 to c7 9");
  });
});

describe("balanced sampling", () => {
  it("repeats the samples of small classes until all classes are as large as the largest", () => {
    const drawn = oversample(all, labels, 0, 3);
    expect(countClasses(labels, drawn, 3)).toEqual([7, 7, 7]);
    const repeats = [...all].map((sample) => drawn.filter((other) => other === sample).length);
    expect(repeats.slice(0, 6)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(repeats.slice(6, 8).toSorted()).toEqual([3, 4]);
    expect(repeats[8]).toBe(7);
  });

  it("is the same for a seed and an epoch, and draws the remainder again in another", () => {
    const remainders = Array.from({ length: 8 }, (_, epoch) => oversample(all, labels, 0, epoch).join());
    expect(oversample(all, labels, 0, 3).join()).toBe(remainders[3]);
    expect(new Set(remainders).size).toBe(2);
  });

  it("leaves balanced data as it is, and other samples out", () => {
    const some = Int32Array.of(6, 9, 8);
    expect([...oversample(some, labels, 0, 0)].toSorted()).toEqual([6, 8, 9]);
  });
});
