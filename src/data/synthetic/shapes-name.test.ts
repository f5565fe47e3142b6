import { expect, test } from "vitest";
import { shapesName, shapesNamed } from "./shapes-name.js";

test("shapes are named by their numbers, and found by that name", () => {
  const shapes = { train: 50, test: 10, size: 16, seed: 3 };
  expect(shapesNamed(shapesName(shapes))).toEqual(shapes);
  expect(["shapes", "./shapes:x", "photos"].map(shapesNamed)).toEqual([null, null, null]);
});

test.each([
  ["shapes:train=50,test=10,size=16", ", without seed="],
  ["shapes:", ", without train=, test=, size=, seed="],
  ["shapes:test=10,train=50,size=16,seed=0", ""],
  ["shapes:train=50,test=10,size=16,seed=-1", ""],
])("%s is refused, saying what is missing", (name, missing) => {
  const expected = "expected shapes:train=5000,test=1000,size=24,seed=0, in this order";
  expect(() => shapesNamed(name)).toThrow(`the built-in shapes: received "${name}"${missing}; ${expected}`);
});
