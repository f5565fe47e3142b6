import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../../errors.js";
import { methods } from "../../methods/index.js";
import { type Field, factsOf, flagOf } from "../../options/index.js";
import { coreShape, parseRecipe, recipeKeys, withAbsolutePaths } from "./schema.js";

/** The one line that a recipe is refused with. */
function refusal(input: unknown): string {
  try {
    parseRecipe(input);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  throw new Error("the recipe was taken");
}

describe("a recipe", () => {
  it("needs only data, and gets the paper's fixed defaults", () => {
    expect(parseRecipe({ data: "photos" })).toMatchObject({
      data: "photos",
      noise: "none",
      objective: "sat",
      form: "ce",
      epochs: 200,
      optimizer: "sgd",
      schedule: "cosine",
      momentum: 0.9,
      weightDecay: 5e-4,
      seed: 0,
      precision: "auto",
      kernels: "auto",
    });
  });

  it.each([
    ["an unknown key", { epoch: 3 }, 'unknown recipe key "epoch"; did you mean "epochs"?'],
    ["a key of another method", { queue: 10 }, "`queue`: received 10 with `objective: sat`; it is an option of moco"],
    [
      "a key of several other methods",
      { objective: "ce", startEpoch: 3 },
      "`startEpoch`: received 3 with `objective: ce`; it is an option of sat, sat-plus, forward, trades-sat",
    ],
    ["an unknown key like no other", { zebra: 3 }, 'unknown recipe key "zebra"'],
    [
      "a misspelt choice",
      { objective: "sta" },
      `\`objective\`: received "sta"; expected one of ${methods()
        .map(({ name }) => name)
        .join(", ")}; did you mean "sat"?`,
    ],
    [
      "kernels nobody knows",
      { kernels: "avx" },
      '`kernels`: received "avx"; expected auto, amx, winograd or stock; did you mean "amx"?',
    ],
    ["a number too small", { epochs: 0 }, "`epochs`: received 0; expected a whole number of at least 1"],
    ["a share over 1", { targetMomentum: 1.5 }, "`targetMomentum`: received 1.5; expected a number from 0 to 1"],
    ["a part of a whole", { batchSize: 12.5 }, "`batchSize`: received 12.5; expected a whole number of at least 2"],
    ["text for a number", { lr: "fast" }, '`lr`: received "fast"; expected a number above 0'],
    ["what is no number", { lr: Number.NaN }, "`lr`: received NaN; expected a number above 0"],
    [
      "a radius in words",
      { objective: "trades", epsilon: "8/twenty" },
      '`epsilon`: received "8/twenty"; expected a number above 0 and at most 1, or a fraction such as 8/255',
    ],
    [
      "a radius of nothing",
      { objective: "trades", epsilon: "0/255" },
      '`epsilon`: received "0/255"; expected a number above 0 and at most 1, or a fraction such as 8/255',
    ],
    [
      "a radius by nothing",
      { objective: "trades", epsilon: "8/0" },
      '`epsilon`: received "8/0"; expected a number above 0 and at most 1, or a fraction such as 8/255',
    ],
    [
      "a radius over 1",
      { objective: "trades", epsilon: 8 },
      "`epsilon`: received 8; expected a number above 0 and at most 1, or a fraction such as 8/255",
    ],
    ["a number for text", { noise: 0.4 }, "`noise`: received 0.4; expected text"],
    [
      "a wrong item of a list",
      { milestones: [10, -1] },
      "`milestones`: received -1; expected a whole number of at least 0, or a comma-separated list",
    ],
    ["a batch of one", { batchSize: 1 }, "`batchSize`: received 1; expected a whole number of at least 2"],
    [
      "averages that stay at zero",
      { objective: "sat-plus", targetMomentum: 1 },
      "`targetMomentum`: received 1; expected a number of at least 0 and below 1",
    ],
    [
      "momentum that forgets nothing",
      { momentum: 1 },
      "`momentum`: received 1; expected a number of at least 0 and below 1",
    ],
  ])("with %s is refused in one line", (_, wrong, message) => {
    expect(refusal({ data: "photos", ...wrong })).toBe(message);
  });

  it("without data, or that is no recipe at all, is refused in one line", () => {
    expect(refusal({})).toBe("`data`: received nothing; expected a path");
    expect(refusal("photos")).toBe('a recipe is a list of "key: value" lines; received "photos"');
    expect(refusal(null)).toBe('a recipe is a list of "key: value" lines; received null');
  });

  it("names its files from the root, and leaves noise that is no file", () => {
    const recipe = parseRecipe({
      data: "photos",
      noise: "file:noise.npy",
      labels: "own.csv",
      weights: "/w.pth",
      objective: "forward",
      transition: "t.npy",
    });
    expect(withAbsolutePaths(recipe)).toMatchObject({
      data: resolve("photos"),
      noise: `file:${resolve("noise.npy")}`,
      labels: resolve("own.csv"),
      weights: "/w.pth",
      transition: resolve("t.npy"),
    });
    const images = parseRecipe({ data: "photos", noise: "gaussian:noisy_idx_images.npy" });
    expect(withAbsolutePaths(images).noise).toBe(`gaussian:${resolve("noisy_idx_images.npy")}`);
    const plain = parseRecipe({ data: "/photos", noise: "symmetric:0.4" });
    expect(withAbsolutePaths(plain)).toEqual(plain);
  });
});

describe("the options", () => {
  it("have a flag each, of small letters and dashes", () => {
    expect(flagOf("batchSize")).toBe("--batch-size");
    for (const flag of recipeKeys().map(flagOf)) expect(flag).toMatch(/^--[a-z]+(-[a-z]+)*$/);
    expect(new Set(recipeKeys().map(flagOf)).size).toBe(recipeKeys().length);
  });

  it("have a line of help each", () => {
    const shapes = [coreShape, ...methods().map(({ options }) => options)];
    for (const [key, field] of shapes.flatMap((shape) => Object.entries(shape)))
      expect(factsOf(field as unknown as Field).description, key).toMatch(/^\S.{8,140}$/);
  });
});
