import { describe, expect, it } from "vitest";
import { costLine } from "./reproduce-text.js";
import { divideCores } from "./study-jobs.js";

describe("a machine shared out among runs", () => {
  it.each([
    ["a run a core, one thread each", {}, { jobs: 4, threads: 1 }],
    ["fewer runs where each takes more threads", { threads: 3 }, { jobs: 1, threads: 3 }],
    ["one thread for each of fewer runs too", { jobs: 2 }, { jobs: 2, threads: 1 }],
    ["more runs than cores when asked", { jobs: 9 }, { jobs: 9, threads: 1 }],
    ["both as asked", { jobs: 3, threads: 2 }, { jobs: 3, threads: 2 }],
  ])("has %s", (_, asked, work) => {
    expect(divideCores(asked, "cpu", 4)).toEqual(work);
  });

  it("has one run at a time on CUDA, its threads left to libtorch", () => {
    expect(divideCores({}, "cuda:0", 4)).toEqual({ jobs: 1, threads: undefined });
  });
});

describe("the cost of a study", () => {
  it("is said in a line", () => {
    const expected = Array.from({ length: 36 }, () => 180);
    expect(costLine({ expected, jobs: 2, finished: 0 })).toBe("36 runs of about 3 min each, 2 at a time: about 54 min");
  });

  it("says what was finished before, and how runs differ", () => {
    const line = costLine({ expected: [60, 240], jobs: 4, finished: 1 });
    expect(line).toBe("1 run finished before; 2 runs of about 60 s to 4 min each, 2 at a time: about 4 min");
    expect(costLine({ expected: [], jobs: 2, finished: 3 })).toBe("3 runs finished before; nothing left to run");
  });
});
