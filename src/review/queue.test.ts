import { describe, expect, it } from "vitest";
import { parseAction, type ReviewActionInput } from "./actions.js";
import { type QueueFilter, type QueueSource, reviewQueue, reviewState } from "./index.js";

const stateOf = (...actions: Partial<ReviewActionInput>[]) =>
  reviewState(actions.map((action, i) => parseAction(action, String(i))));

const source: QueueSource = {
  part: "train",
  classes: ["cat", "dog"],
  samples: Int32Array.of(10, 11, 12, 13, 14, 15),
  pWrong: Float64Array.of(0.2, 0.9, Number.NaN, 0.6, 0.6, 0.1),
  given: Int32Array.of(0, 0, 1, 1, 0, 1),
  suggested: Int32Array.of(1, 1, 0, 0, 1, 0),
  disagrees: Int32Array.of(-1, 3, 0, 9, -1, 4),
  files: ["cat/a.png", "cat/B.png", "dog/c.png", "dog/d.png", "cat/e.png", "dog/f.png"],
};

const queueOf = (filter: Partial<QueueFilter> = {}, state = stateOf()) => {
  const { rows, again } = reviewQueue(state, source, { reviewer: "me", state: "open", ...filter });
  return { samples: Array.from(rows, (row) => source.samples[row]), again };
};

describe("the queue of a review", () => {
  it("begins with the most suspect, ties by number, samples without P(wrong) at the end", () => {
    expect(queueOf().samples).toEqual([11, 13, 14, 10, 15, 12]);
  });

  it.each<[string, Partial<QueueFilter>, number[]]>([
    ["a pair of classes", { given: "cat", suggested: "dog" }, [11, 14, 10]],
    ["a given class", { given: "dog" }, [13, 15, 12]],
    ["an unknown class", { given: "owl" }, []],
    ["a least P(wrong)", { minWrong: 0.6 }, [11, 13, 14]],
    ["the epoch from which on the network disagrees", { disagreesBy: 4 }, [11, 15, 12]],
    ["a part of the path, of any case", { search: "CAT/b" }, [11]],
    ["a selection, in its order", { among: [15, 999, 12, 11] }, [15, 12, 11]],
  ])("is narrowed by %s", (_, filter, samples) => {
    expect(queueOf(filter).samples).toEqual(samples);
  });

  it("leaves out what this reviewer decided, and puts off what is to be looked at later", () => {
    const state = stateOf(
      { samples: [11], verdict: "right" },
      { samples: [13], verdict: "later" },
      { samples: [14], verdict: "none", reviewer: "ann" },
    );
    expect(queueOf({}, state).samples).toEqual([14, 10, 15, 12, 13]);
    expect(queueOf({ state: "decided" }, state).samples).toEqual([11]);
    expect(queueOf({ state: "any" }, state).samples).toEqual([11, 13, 14, 10, 15, 12]);
    expect(queueOf({ verdict: "later" }, state).samples).toEqual([13]);
    expect(queueOf({ state: "any", verdict: "right" }, state).samples).toEqual([11]);
  });

  it("searches the numbers of samples without files", () => {
    const { files, ...rest } = source;
    expect(Array.from(reviewQueue(stateOf(), rest, { reviewer: "me", state: "open", search: "14" }).rows)).toEqual([4]);
  });
});

describe("blind repeats", () => {
  const samples = Int32Array.from({ length: 4000 }, (_, i) => i);
  const many: QueueSource = {
    part: "train",
    classes: ["cat", "dog"],
    samples,
    pWrong: Float64Array.from(samples, (i) => 1 - i / 4000),
    given: new Int32Array(4000),
    suggested: new Int32Array(4000).fill(1),
  };
  const decided = { samples: Array.from(samples.subarray(0, 2000)), verdict: "right" } as const;
  const others = Array.from({ length: 20 }, (_, i) => ({ samples: [2000 + i], verdict: "right" }) as const);
  const open = { reviewer: "me", state: "open" } as const;

  it("are about 5% of what was decided, one at every twentieth place, the same each time", () => {
    const { rows, again } = reviewQueue(stateOf(decided, ...others), many, open);
    expect(again.size).toBeGreaterThan(70);
    expect(again.size).toBeLessThan(130);
    const places = Array.from(rows.keys()).filter((place) => again.has(rows[place]!));
    expect(places).toEqual(Array.from({ length: again.size }, (_, i) => 20 * i + 9));
    expect(reviewQueue(stateOf(decided, ...others), many, open).rows).toEqual(rows);
    expect(reviewQueue(stateOf(decided, ...others), many, open, 7).again).not.toEqual(again);
  });

  it("come once, to the same reviewer alone, within the filter", () => {
    const [first] = reviewQueue(stateOf(decided, ...others), many, open).again;
    const again = { samples: [first!], verdict: "none", again: true } as const;
    expect(reviewQueue(stateOf(decided, ...others, again), many, open).again.has(first!)).toBe(false);
    expect(reviewQueue(stateOf(decided, ...others), many, { ...open, reviewer: "ann" }).again.size).toBe(0);
    expect(reviewQueue(stateOf(decided, ...others), many, { ...open, among: [first!, 3999] }).again).toEqual(
      new Set([first]),
    );
  });

  it("come twenty actions later, be they of one sample or of many, and not of verdicts carried from another run", () => {
    const repeatsAfter = (...actions: Parameters<typeof stateOf>) =>
      reviewQueue(stateOf(...actions), many, open).again.size;
    expect(repeatsAfter(decided, ...others)).toBeGreaterThan(70);
    expect(repeatsAfter(decided, ...others.slice(1))).toBe(0);
    expect(repeatsAfter(decided, ...others, decided)).toBe(0);
    expect(repeatsAfter({ ...decided, carried: true }, ...others)).toBe(0);
  });
});
