import { expect, it } from "vitest";
import { parseAction, type ReviewActionInput } from "./actions.js";
import { agreementOf, cohenKappa, reviewState } from "./index.js";

const stateOf = (...actions: Partial<ReviewActionInput>[]) =>
  reviewState(actions.map((action, i) => parseAction(action, String(i))));

it("Cohen's kappa is that of a worked example", () => {
  // 50 proposals: 20 yes by both, 15 no by both, 5 yes then no, 10 no then yes: (0.7 - 0.5) / (1 - 0.5).
  const pairs = [
    ...Array.from({ length: 20 }, () => ["yes", "yes"]),
    ...Array.from({ length: 15 }, () => ["no", "no"]),
    ...Array.from({ length: 5 }, () => ["yes", "no"]),
    ...Array.from({ length: 10 }, () => ["no", "yes"]),
  ] as [string, string][];
  const [first, second] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
  expect(cohenKappa(first, second)).toBeCloseTo(0.4, 12);
  expect(cohenKappa(first, first)).toBe(1);
  expect(cohenKappa(["a", "b"], ["b", "a"])).toBe(-1);
  expect(cohenKappa(["a"], ["a"])).toBe(1);
  expect(() => cohenKappa([], [])).toThrow(RangeError);
  expect(() => cohenKappa(["a"], [])).toThrow(RangeError);
});

it("a reviewer is compared with the one of most samples in common, another class being another category", () => {
  const state = stateOf(
    { samples: [1, 2], verdict: "right", reviewer: "ann" },
    { samples: [3], verdict: "relabel", label: "cat", reviewer: "ann" },
    { samples: [4], verdict: "later", reviewer: "ann" },
    { samples: [1, 2], verdict: "right", reviewer: "bob" },
    { samples: [3], verdict: "relabel", label: "dog", reviewer: "bob" },
    { samples: [4], verdict: "right", reviewer: "bob" },
    { samples: [1], verdict: "none", reviewer: "eve" },
  );
  const expected = (2 / 3 - 4 / 9) / (1 - 4 / 9);
  expect(agreementOf(state, "train", "ann")).toEqual({ other: "bob", both: 3, kappa: expect.closeTo(expected, 12) });
  expect(agreementOf(state, "test", "ann")).toBeNull();
});
