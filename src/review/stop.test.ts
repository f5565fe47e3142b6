import { expect, it } from "vitest";
import { parseAction, type ReviewActionInput } from "./actions.js";
import { foundCurve, reviewState, reviewStatistics, secondsEach, whatIsLeft } from "./index.js";

const stateOf = (...actions: Partial<ReviewActionInput>[]) =>
  reviewState(actions.map((action, i) => parseAction(action, String(i))));
const suspects = {
  part: "train",
  samples: Int32Array.of(10, 11, 12, 13, 14),
  pWrong: Float64Array.of(0.2, 0.9, Number.NaN, 0.6, 0.1),
} as const;

it("the next of the queue are the most suspect without a decision", () => {
  const left = whatIsLeft(stateOf(), suspects, "me", 2);
  expect(left.next).toEqual({ items: 2, errors: 1.5, minutes: null });
  expect(left.expectedLeft).toBeCloseTo(1.8, 12);
  expect(left.advice).toBe("The next 2 hold about 2 wrong labels.");
  // Without a P(wrong) shown a verdict recalibrates nothing; one put off stays open.
  const state = stateOf({ samples: [11], verdict: "right" }, { samples: [13], verdict: "later" });
  expect(whatIsLeft(state, suspects, "me", 2).next.errors).toBeCloseTo(0.8, 12);
});

it("verdicts lower what is expected of the rest", () => {
  const shown = { given: ["a"], suggested: ["b"], pWrong: [0.9] };
  const verdicts = [1, 2, 3, 4].map((sample) => ({ samples: [sample], verdict: "right", shown }) as const);
  // That of 0.9 is now (5 x 0.9) / 9; the others are lower, too.
  expect(whatIsLeft(stateOf(...verdicts), suspects, "me").expectedLeft).toBeLessThan(0.5 + 0.9);
  expect(whatIsLeft(stateOf(...verdicts), suspects, "you").expectedLeft).toBeCloseTo(1.8, 12);
});

it("the pace is the median of seconds a sample, after five timed verdicts, a break counting as a minute", () => {
  const timed = [1, 3, 2, 5000].map((seconds, i) => ({ samples: [i], verdict: "right", seconds }) as const);
  expect(secondsEach(stateOf(...timed), "me")).toBeNull();
  const bulk = { samples: [20, 21, 22, 23], verdict: "none", seconds: 8 } as const;
  const state = stateOf(...timed, bulk, { samples: [9], verdict: "right" });
  expect(secondsEach(state, "me")).toBe(2);
  expect(whatIsLeft(state, suspects, "me", 3).next.minutes).toBeCloseTo(0.1, 12);
});

it("advises an audit where the next of the queue hold few errors, and says when nothing is left", () => {
  const samples = Int32Array.from({ length: 100 }, (_, i) => i);
  const rare = { part: "train", samples, pWrong: new Float64Array(100).fill(0.001) } as const;
  expect(whatIsLeft(stateOf(), rare, "me").advice).toMatch(/^The next 50 hold about 0 wrong labels\. A random audit/);
  const all = { samples: [...samples], verdict: "right" } as const;
  expect(whatIsLeft(stateOf(all), rare, "me").advice).toBe("Every sample has a verdict.");
});

it("the curve sets what was found beside what the verdicts before predicted", () => {
  const checked = Array.from({ length: 100 }, () => ({ pWrong: 0.9, wrong: false }));
  const points = foundCurve(checked);
  expect(points).toHaveLength(100);
  expect(points[49]).toEqual({ verdicts: 50, found: 0, predicted: expect.closeTo(45, 9) });
  // After 50 verdicts: two bands of 25, each of the rate (5 x 0.9) / 30.
  expect(points[99]!.predicted - 45).toBeCloseTo((50 * 4.5) / 30, 9);
  expect(foundCurve(Array.from({ length: 4321 }, () => checked[0]!)).length).toBeLessThanOrEqual(200);
});

it("the verdicts of each band of P(wrong) say how many labels of it were wrong", () => {
  const shown = { given: ["a", "a", "a"], suggested: ["b", "b", "b"], pWrong: [1, 0.99, 0.9] };
  const state = stateOf(
    { samples: [1, 2, 3], verdict: "none", shown },
    { samples: [4], verdict: "right", shown: { given: ["a"], suggested: ["b"], pWrong: [0.95] } },
    { samples: [5], verdict: "later", shown: { given: ["a"], suggested: ["b"], pWrong: [0.05] } },
  );
  expect(reviewStatistics(state, "train", "me").precision).toEqual([
    { from: 0.99, to: 1, verdicts: 2, wrong: 2 },
    { from: 0.9, to: 0.99, verdicts: 2, wrong: 1 },
  ]);
});
