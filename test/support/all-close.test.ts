import { describe, expect, test } from "vitest";
import { tensor } from "../../src/torch/index.js";
import { expectAllClose } from "./all-close.js";

describe("expectAllClose", () => {
  test("accepts tensors, typed arrays, nested arrays and numbers that are close", () => {
    using matrix = tensor([
      [1, 2],
      [3, 4],
    ]);
    expectAllClose(matrix, [
      [1, 2.00001],
      [3, 4],
    ]);
    expectAllClose(matrix, new Float64Array([1, 2, 3, 4]));
    expectAllClose([1n, true, 0], [1, 1, 1e-9]);
    expectAllClose(Number.NaN, Number.NaN);
    expectAllClose([], []);
  });

  test("names the worst element and both its values", () => {
    const expected = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const actual = [
      [1, 2.1, 3],
      [4, 5, 7],
    ];
    expect(() => expectAllClose(actual, expected)).toThrow(
      "2 of 6 elements differ; the worst, [1, 2]: actual 7, expected 6 (rtol 0.00001, atol 1e-8)",
    );
  });

  test("measures the relative tolerance against the expected value", () => {
    expectAllClose([100.9], [100], { rtol: 0.01, atol: 0 });
    expect(() => expectAllClose([101.1], [100], { rtol: 0.01, atol: 0 })).toThrow("actual 101.1, expected 100");
    expect(() => expectAllClose([1e-7], [0], { rtol: 1 })).toThrow("elements differ");
  });

  test("refuses a NaN or an infinity in the place of a number", () => {
    expect(() => expectAllClose([Number.NaN], [1])).toThrow("actual NaN, expected 1");
    expect(() => expectAllClose([1], [Number.NaN])).toThrow("actual 1, expected NaN");
    expect(() => expectAllClose([Number.POSITIVE_INFINITY], [1], { rtol: 10 })).toThrow("actual Infinity");
  });

  test("refuses other shapes, even where the elements agree", () => {
    expect(() => expectAllClose([[1, 2]], [1, 2])).toThrow("shapes differ: actual [1, 2], expected [2]");
    expect(() => expectAllClose(new Float32Array(2), new Float32Array(3))).toThrow("actual [2], expected [3]");
    expect(() => expectAllClose([[1], [1, 2]], [1])).toThrow("nested arrays are ragged");
  });
});
