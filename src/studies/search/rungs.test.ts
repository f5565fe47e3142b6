import { describe, expect, it } from "vitest";
import { rungsOf, survivors } from "./rungs.js";

const text = (options: Parameters<typeof rungsOf>[0]) =>
  rungsOf(options)
    .map(({ trials, epochs }) => `${trials} x ${epochs}`)
    .join(", ");

describe("the rungs of successive halving", () => {
  it.each([
    [{ trials: 9, epochs: 27, eta: 3 }, "9 x 3, 3 x 9, 1 x 27"],
    [{ trials: 18, epochs: 27, eta: 3 }, "18 x 3, 6 x 9, 2 x 27"],
    [{ trials: 16, epochs: 30, eta: 2 }, "16 x 1, 8 x 3, 4 x 7, 2 x 15, 1 x 30"],
    [{ trials: 9, epochs: 27, eta: 3, minEpochs: 9 }, "9 x 9, 3 x 27"],
    [{ trials: 4, epochs: 27, eta: 3, minEpochs: 1 }, "4 x 1, 1 x 3, 1 x 9, 1 x 27"],
    [{ trials: 1, epochs: 27, eta: 3 }, "1 x 27"],
    [{ trials: 9, epochs: 2, eta: 3 }, "9 x 2"],
  ])("of %o are %s", (options, expected) => expect(text(options)).toBe(expected));

  it("keep the best, the earlier of equals, and none that failed", () => {
    const scores = { a: 0.5, b: null, c: 0.7, d: 0.5, e: 0.6 };
    const trials = Object.keys(scores) as (keyof typeof scores)[];
    expect(survivors(trials, (trial) => scores[trial], 3)).toEqual(["c", "e", "a"]);
    expect(survivors(trials, (trial) => scores[trial], 9)).toEqual(["c", "e", "a", "d"]);
  });
});
