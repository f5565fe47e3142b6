import { expect, it } from "vitest";
import { holm } from "./holm.js";

it("corrects p after Holm, never below that of a smaller p, and at most to 1", () => {
  const corrected = holm([0.04, 0.01, 0.03, 0.5]);
  expect(corrected).toEqual([0.09, 0.04, 0.09, 0.5].map((p) => expect.closeTo(p, 12)));
  expect(holm([0.6, 0.7])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});
