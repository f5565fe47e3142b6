import { describe, expect, it } from "vitest";
import { findings } from "../../test/support/runs.js";
import { samplesToDrop } from "./drop.js";
import type { Findings } from "./findings.js";

const n = 40;
const probability = Array.from({ length: n }, (_, i) => (i % 10 === 0 ? 0.9 : 0.3 - i / 1000));

/** Samples 100 to 139 in the data set, of two classes; copies: 0 = 1 = 2 and 10 = 11; 20 leaks; 21 to 27 are outliers. */
const found: Findings = {
  ...findings,
  classes: ["cat", "dog"],
  samples: Int32Array.from({ length: n }, (_, row) => 100 + row),
  issues: Array.from({ length: n }, (_, row) => ({
    ...findings.issues[0]!,
    index: 100 + row,
    given: row < 20 ? "cat" : "dog",
    pWrong: probability[row]!,
  })),
  classHealth: ["cat", "dog"].map((name) => ({ ...findings.classHealth[0]!, name, samples: 20, labelErrorRate: 0.05 })),
  kinds: [
    {
      kind: { name: "duplicate", title: "duplicates", advice: "" },
      columns: [],
      groups: [
        [0, 1, 2],
        [10, 11],
      ].map((samples) => ({ samples, text: "", figures: {} })),
      summary: "",
    },
    kindOf("leakage", [20]),
    kindOf("outlier", [21, 22, 23, 24, 25, 26, 27]),
  ],
};

function kindOf(name: string, rows: readonly number[]): Findings["kinds"][number] {
  const scores = Float32Array.from({ length: n }, (_, row) => (rows.includes(row) ? 0.5 + row / 100 : 0));
  const flags = scores.map((score) => Number(score > 0.5));
  return {
    kind: { name, title: name, advice: "" },
    columns: [{ name, scores, flags: Uint8Array.from(flags) }],
    groups: [],
    summary: "",
  };
}

const dropped = (...args: Parameters<typeof samplesToDrop>) => [...samplesToDrop(...args)].sort(([a], [b]) => a - b);

describe("samples to drop", () => {
  it("for their labels are at most the estimated errors of each class, the likeliest first", () => {
    expect(dropped(found, { reasons: ["label"] })).toEqual([
      [100, "label"],
      [120, "label"],
    ]);
    expect(dropped(found, { reasons: ["label"], least: 0.95 })).toEqual([]);
  });

  it("for copies are all but the one of each group whose label is most probable", () => {
    expect(dropped(found, { reasons: ["duplicate"] })).toEqual([
      [100, "duplicate"],
      [101, "duplicate"],
      [110, "duplicate"],
    ]);
  });

  it("keep one of the copies that are not left out for their label", () => {
    expect(dropped(found, { reasons: ["duplicate", "label"] })).toEqual([
      [100, "label"],
      [101, "duplicate"],
      [110, "duplicate"],
      [120, "label"],
    ]);
  });

  it("are all leaks, and at most a tenth of a class for being outliers, the farthest first", () => {
    expect(dropped(found, { reasons: ["leakage", "outlier"] })).toEqual([
      [120, "leakage"],
      [126, "outlier"],
      [127, "outlier"],
    ]);
  });

  it("are among those that may be left out", () => {
    const among = found.issues.filter(({ given }) => given === "dog");
    expect(dropped(found, { reasons: ["duplicate", "leakage"], among })).toEqual([[120, "leakage"]]);
  });

  it("need the kinds that they are left out for", () => {
    expect(() => samplesToDrop({ ...found, kinds: [] }, { reasons: ["leakage"] })).toThrow(
      "`drop: leakage`: this kind was not searched for (searched: none); expected leakage among `types`",
    );
  });
});
