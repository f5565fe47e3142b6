import { describe, expect, it } from "vitest";
import { suggestedScore } from "./suggested-score.js";

const correct = Uint8Array.from({ length: 80 }, (_, i) => Number(i % 4 > 0));
const good = Float64Array.from(correct, (one, i) => one + i / 1000);
const nearly = Float64Array.from(correct, (one, i) => (i === 79 ? -1 : one) + i / 1000);
const poor = Float64Array.from(correct, (_, i) => (i * 37) % 80);

describe("the suggested confidence score", () => {
  it("is another than the method's where that ranks clearly worse, and then the lowest area", () => {
    const scores = new Map([
      ["abstention", poor],
      ["energy", nearly],
      ["softmax-response", good],
    ] as const);
    const { score, difference } = suggestedScore("abstention", scores, correct, 0);
    expect(score).toBe("softmax-response");
    expect(difference?.interval[1]).toBeLessThan(0);
  });

  it("is the method's where no other is clearly better", () => {
    const scores = new Map([
      ["abstention", good],
      ["energy", good],
      ["entropy", poor],
    ] as const);
    expect(suggestedScore("abstention", scores, correct, 0)).toEqual({ score: "abstention", difference: null });
  });
});
