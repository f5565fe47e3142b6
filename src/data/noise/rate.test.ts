import { expect, it } from "vitest";
import { countAtRate } from "./rate.js";

it("a rate comes to floor(rate n) samples of the rate as it is written, not of its nearest float", () => {
  for (let hundredths = 0; hundredths <= 100; hundredths++) {
    for (const n of [100, 10_000, 1_000_000]) {
      expect(countAtRate(Number(`${hundredths / 100}`), n)).toBe((hundredths * n) / 100);
    }
  }
  expect(0.29 * 100).toBeLessThan(29);
  expect([countAtRate(0.33, 3), countAtRate(0.999, 10), countAtRate(0.5, 0)]).toEqual([0, 9, 0]);
});
