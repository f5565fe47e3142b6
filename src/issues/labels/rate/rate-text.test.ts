import { expect, it } from "vitest";
import { rateText } from "./rate-text.js";

it("writes a noise rate with its interval, an upper bound for none, and no number for an unknown one", () => {
  expect(rateText({ estimate: 0.384, low: 0.341, high: 0.43, method: "late joint" })).toBe("about 38% (34 to 43%)");
  expect(rateText({ estimate: 0.0384, low: 0, high: 0.05, method: "late joint" })).toBe("about 3.8% (0.0 to 5.0%)");
  expect(rateText({ estimate: 0, low: 0, high: 0.021, method: "late joint" })).toBe("at most 2.1%");
  expect(rateText({ estimate: 0, low: 0, high: 0.75, method: "near chance" })).toBe("an unknown fraction (0 to 75%)");
});
