import { describe, expect, it } from "vitest";
import { InputError } from "../../errors.js";
import { parseNoise, withNoisePath } from "./spec.js";

describe("parseNoise", () => {
  it.each([
    ["none", { kind: "none" }],
    ["symmetric:0.4", { kind: "symmetric", rate: 0.4 }],
    ["pair:1", { kind: "pair", rate: 1 }],
    ["instance:0", { kind: "instance", rate: 0 }],
    ["asymmetric:0.4", { kind: "asymmetric", rate: 0.4 }],
    [
      "asymmetric:0.4:truck=automobile, a:b=3",
      {
        kind: "asymmetric",
        rate: 0.4,
        map: [
          ["truck", "automobile"],
          ["a:b", "3"],
        ],
      },
    ],
    ["file:a:b/c.npy", { kind: "file", path: "a:b/c.npy" }],
    ["matrix:t.csv", { kind: "matrix", path: "t.csv" }],
    ["gaussian:0.25", { kind: "gaussian", rate: 0.25 }],
    ["random-pixels:run/noisy_idx_images.npy", { kind: "random-pixels", path: "run/noisy_idx_images.npy" }],
    ["shuffled-pixels:.5", { kind: "shuffled-pixels", rate: 0.5 }],
  ])("reads %s", (text, spec) => {
    expect(parseNoise(text)).toEqual(spec);
  });

  it.each(["symmetric", "asymmetric", "pair", "instance", "gaussian", "random-pixels", "shuffled-pixels"])(
    "refuses rates of %s outside [0, 1], saying what was received",
    (kind) => {
      for (const rate of ["1.01", "-0.1", "x", ""]) {
        expect(() => parseNoise(`${kind}:${rate}`)).toThrow(InputError);
        expect(() => parseNoise(`${kind}:${rate}`)).toThrow(`noise rate "${rate}" is out of range`);
      }
      expect(() => parseNoise(kind)).toThrow('noise rate "" is out of range; expected a number from 0 to 1');
    },
  );

  it("refuses other kinds in one line with every kind in it, and guesses what was meant", () => {
    const expected =
      "expected none, symmetric:RATE (such as symmetric:0.4), asymmetric:RATE, asymmetric:RATE:cat=dog,dog=cat, " +
      "pair:RATE, instance:RATE, matrix:PATH, file:PATH, gaussian:RATE, random-pixels:RATE or shuffled-pixels:RATE";
    const guess = (kind: string) => `; did you mean "${kind}"?`;
    for (const [text, meant] of [
      ["asymetric:0.4", guess("asymmetric")],
      ["random_pixels:0.4", guess("random-pixels")],
      ["file:", ""],
      ["matrix", ""],
      ["", ""],
      ["none:1", ""],
      ["zebra:0.1", ""],
    ]) {
      expect(() => parseNoise(text!)).toThrow(new InputError(`noise "${text}" is unknown${meant}; ${expected}`));
    }
  });

  it("refuses a map that is no list of pairs", () => {
    for (const map of ["", "cat", "cat=", "=dog", "cat=dog=eel"]) {
      expect(() => parseNoise(`asymmetric:0.4:${map}`)).toThrow(
        new InputError(
          `noise map "${map}" is not a pair of classes; expected SOURCE=TARGET,... such as cat=dog,dog=cat`,
        ),
      );
    }
  });
});

describe("the file of a noise", () => {
  it("has its path changed, and other noise is left as it is", () => {
    const changed = (text: string) => withNoisePath(text, (path) => `/home/${path}`);
    expect(changed("file:a:b.npy")).toBe("file:/home/a:b.npy");
    expect(changed("matrix:t.csv")).toBe("matrix:/home/t.csv");
    expect(changed("gaussian:x.npy")).toBe("gaussian:/home/x.npy");
    for (const text of ["none", "symmetric:0.4", "asymmetric:0.4:a=b", "gaussian:0.1", "file:", "x:y.npy"]) {
      expect(changed(text)).toBe(text);
    }
  });
});
