import { describe, expect, it } from "vitest";
import { formatAddress, joinRuns, parseAddress, runAddress, splitRuns } from "./address.js";

describe("the address of the page", () => {
  it("keeps run, view and filters, whatever characters they hold", () => {
    for (const run of ["photos-sat-1", "a/b c", "50%#?&=é"]) {
      const filters = { given: "cat & dog", search: "a=b#?/" };
      const hash = runAddress(run, "review", filters);
      expect(parseAddress(hash)).toEqual({ view: "review", run, filters });
      expect(formatAddress(parseAddress(hash))).toBe(hash);
    }
  });

  it("keeps the runs of a comparison, whatever characters their names hold", () => {
    const runs = ["photos-1", "study/lr=0.1,seed=2", "50%", "a&runs=b"];
    const hash = formatAddress({ view: "compare", filters: { runs: joinRuns(runs) } });
    expect(splitRuns(parseAddress(hash).filters.runs)).toEqual(runs);
    expect(splitRuns(undefined)).toEqual([]);
  });

  it("opens the latest run without a hash, the list at an unknown path, and Watch at an unknown view", () => {
    expect(parseAddress("")).toEqual({ view: "start", filters: {} });
    expect(parseAddress("#/")).toEqual({ view: "start", filters: {} });
    expect(parseAddress("#/nowhere/x").view).toBe("runs");
    expect(parseAddress("#/run/")).toEqual({ view: "runs", filters: {} });
    expect(parseAddress("#/run/x/nothing")).toEqual({ view: "watch", run: "x", filters: {} });
    expect(parseAddress("#/run/%E0%A4%A/watch")).toMatchObject({ run: "%E0%A4%A" });
  });

  it("leaves out filters without a value", () => {
    expect(runAddress("x", "grid", { given: "", part: "test" })).toBe("#/run/x/grid?part=test");
    expect(runAddress("x", "grid", { given: "" })).toBe("#/run/x/grid");
  });
});
