import { describe, expect, it } from "vitest";
import { momentumForEpochs } from "./half-life.js";

describe("the momentum for the epochs left", () => {
  it.each([20, 32, 140])(
    "moves a target half of the way in a tenth of %i epochs, and 99.9% of it in all of them",
    (epochs) => {
      const momentum = momentumForEpochs(epochs);
      expect(momentum ** (epochs / 10)).toBeCloseTo(0.5, 12);
      expect(1 - momentum ** epochs).toBeCloseTo(1 - 2 ** -10, 12);
    },
  );

  it("is that of one epoch where none is left", () => {
    expect(momentumForEpochs(0)).toBe(momentumForEpochs(1));
  });
});
