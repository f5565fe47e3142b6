import { expect, it } from "vitest";
import { parseAction, type ReviewActionInput } from "./actions.js";
import { reviewState } from "./state.js";
import { reviewStatistics } from "./statistics.js";

/** The state after these actions, which have their positions for ids. */
const stateOf = (...actions: Partial<ReviewActionInput>[]) =>
  reviewState(actions.map((action, i) => parseAction(action, String(i))));

it("the last verdict on a sample is the decision, and an undo brings back the one before", () => {
  const verdicts = [
    { samples: [1], verdict: "right" },
    { samples: [1], verdict: "none" },
  ] as const;
  expect(
    stateOf(...verdicts)
      .decisions("train", "me")
      .get(1)?.verdict,
  ).toBe("none");
  const undone = stateOf(...verdicts, { kind: "undo", undo: "1" });
  expect(undone.decisions("train", "me").get(1)?.verdict).toBe("right");
  expect(undone.undoable("me")?.id).toBe("0");
  const all = stateOf(...verdicts, { kind: "undo", undo: "1" }, { kind: "undo", undo: "0" });
  expect(all.decisions("train", "me").size).toBe(0);
  expect(all.undoable("me")).toBeNull();
});

it("one undo takes back all samples of one action", () => {
  const bulk = { samples: [1, 2, 3], verdict: "relabel", label: "cat" } as const;
  const before = stateOf({ samples: [2], verdict: "right" }, bulk);
  expect([...before.decisions("train", "me").keys()].sort()).toEqual([1, 2, 3]);
  const after = stateOf({ samples: [2], verdict: "right" }, bulk, { kind: "undo", undo: "1" });
  expect([...after.decisions("train", "me")].map(([sample, { verdict }]) => [sample, verdict])).toEqual([[2, "right"]]);
});

it("an action may give each of its samples a class of its own", () => {
  const labels = ["cat", "dog"];
  const state = stateOf(
    { samples: [4, 7], verdict: "relabel", labels },
    { samples: [7], verdict: "relabel", label: "dog", again: true },
  );
  expect([...state.decisions("train", "me").values()].map(({ label }) => label)).toEqual(labels);
  expect(state.repeats).toMatchObject([{ sample: 7, agreed: true }]);
  expect(() => stateOf({ samples: [4], verdict: "relabel", labels })).toThrow("expected one for each sample");
  expect(() => stateOf({ samples: [4, 7], verdict: "right", labels })).toThrow("none for other verdicts");
});

it("a class typed for many samples confirms those that had it already", () => {
  const shown = { given: ["cat", "dog"], suggested: ["dog", "cat"], pWrong: [0.2, 0.9] };
  const state = stateOf({ samples: [1, 2], verdict: "relabel", label: "cat", shown });
  expect([...state.decisions("train", "me").values()]).toMatchObject([
    { verdict: "right", label: null },
    { verdict: "relabel", label: "cat" },
  ]);
  expect(reviewStatistics(state, "train", "me").wrongFound).toBe(1);
});

it("parts and reviewers are apart, and an unknown undo changes nothing", () => {
  const state = stateOf(
    { samples: [1], verdict: "right", reviewer: "ann" },
    { samples: [1], verdict: "none", reviewer: "bob" },
    { samples: [1], verdict: "ambiguous", reviewer: "bob", part: "test" },
    { kind: "undo", undo: "no such action" },
  );
  expect(state.reviewers).toEqual(["ann", "bob"]);
  expect(state.decisions("train", "ann").get(1)?.verdict).toBe("right");
  expect(state.decisions("train", "bob").get(1)?.verdict).toBe("none");
  expect(state.decisions("test", "bob").get(1)?.verdict).toBe("ambiguous");
  expect(state.decisions("test", "ann").size).toBe(0);
});

it("a blind repeat measures the reviewer and changes no decision", () => {
  const state = stateOf(
    { samples: [1, 2], verdict: "right" },
    { samples: [1], verdict: "none", again: true },
    { samples: [2], verdict: "right", again: true },
    { samples: [2], verdict: "later", again: true },
    { samples: [9], verdict: "right", again: true },
  );
  expect(state.decisions("train", "me").get(1)?.verdict).toBe("right");
  expect(state.decisions("train", "me").has(9)).toBe(false);
  expect(reviewStatistics(state, "train", "me").consistency).toEqual({ again: 2, agreed: 1 });
});

it("samples put off count as not decided, and only labels decided wrong as found", () => {
  const state = stateOf(
    { samples: [1], verdict: "right" },
    { samples: [2], verdict: "relabel", label: "cat" },
    { samples: [3], verdict: "none" },
    { samples: [4], verdict: "ambiguous" },
    { samples: [5], verdict: "later" },
  );
  expect(reviewStatistics(state, "train", "me")).toMatchObject({ decided: 4, wrongFound: 2, audit: null, kappa: null });
});
