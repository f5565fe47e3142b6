import { describe, expect, it } from "vitest";
import type { RunEntry } from "../../api.js";
import { matching, sorted } from "./sort-runs.js";

const run = (id: string, testAccuracy: number | null, changed: number): RunEntry => ({
  ...{ id, testAccuracy, changed, status: "finished", method: "sat", model: "resnet18", data: "cifar10" },
  ...{ epoch: 10, epochs: 10 },
});
const runs = [run("photos-10", 0.5, 1), run("photos-9", null, 3), run("shapes-1", 0.7, 2)];
const ids = (list: readonly RunEntry[]) => list.map(({ id }) => id);

describe("the list of runs", () => {
  it("has the latest first, or the most accurate, or the names in the order of their numbers", () => {
    expect(ids(sorted(runs, undefined))).toEqual(["photos-9", "shapes-1", "photos-10"]);
    expect(ids(sorted(runs, "accuracy"))).toEqual(["shapes-1", "photos-10", "photos-9"]);
    expect(ids(sorted(runs, "name"))).toEqual(["photos-9", "photos-10", "shapes-1"]);
  });

  it("finds runs in which every word of the search occurs", () => {
    expect(ids(matching(runs, " PHOTOS sat "))).toEqual(["photos-10", "photos-9"]);
    expect(matching(runs, "photos mixup")).toEqual([]);
    expect(matching(runs, " ")).toBe(runs);
  });
});
