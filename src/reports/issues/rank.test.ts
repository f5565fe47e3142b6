import { describe, expect, it } from "vitest";
import { foldHistory } from "./history.js";
import { defaultThreshold, rankIssues } from "./rank.js";
import type { Evidence } from "./score.js";

const classes = ["cat", "dog", "owl"];
const labels = Int32Array.of(0, 0, 1, 2);
const beliefs = Float32Array.of(0.1, 0.2, 0.7, 0.5, 0.25, 0.25, 0.2, 0.6, 0.2, 0.3, 0.2, 0.5);
const logits = Float32Array.of(0, 0, 0, 0, 1, 2, 3, 0, 1, 0, 0, 0);
const given: Evidence = { labels, classes: 3, beliefs, logits, history: null, adaptive: false, memorised: 0 };
const everyone = Int32Array.of(0, 1, 2, 3);

describe("a ranking", () => {
  it("puts the labels that are believed least first, and suggests the class believed most beside them", () => {
    const issues = rankIssues(given, everyone, { classes });
    expect(issues.map(({ index }) => index)).toEqual([0, 1, 3, 2]);
    expect(issues[0]).toEqual({
      index: 0,
      file: null,
      given: "cat",
      suggested: "owl",
      score: expect.closeTo(0.9, 6),
      probability: expect.closeTo(0.1, 6),
      disagreesFrom: null,
    });
    expect(issues[2]).toMatchObject({ given: "owl", suggested: "cat" });
  });

  it("lets the logits decide between classes that are believed equally", () => {
    const suggested = new Map(rankIssues(given, everyone, { classes }).map((issue) => [issue.index, issue.suggested]));
    expect([suggested.get(1), suggested.get(2)]).toEqual(["owl", "cat"]);
  });

  it("leaves out those that are not to be judged, and names files", () => {
    const files = ["a.png", "b.png", "c.png", "d.png"];
    const issues = rankIssues(given, Int32Array.of(2, 3), { classes, files });
    expect(issues.map(({ index, file }) => [index, file])).toEqual([
      [3, "d.png"],
      [2, "c.png"],
    ]);
  });

  it("orders equal scores by the area under the margin, and says since when the network disagreed", () => {
    const record = (margins: readonly number[]) => Float32Array.from(margins.flatMap((margin) => [0.5, margin, 0]));
    const history = foldHistory([record([3, 1, -2, 0]), record([3, 1, -2, 0])], labels, 3);
    const issues = rankIssues({ ...given, history }, everyone, { classes });
    expect(issues.map(({ index }) => index)).toEqual([2, 3, 1, 0]);
    expect(issues.map(({ disagreesFrom }) => disagreesFrom)).toEqual([0, 0, null, null]);
    expect(issues.every(({ score }) => score === 0.5)).toBe(true);
  });

  it("has as its default threshold the score of the last of the estimated errors", () => {
    const issues = rankIssues(given, everyone, { classes });
    expect(defaultThreshold(issues, 0.5)).toBe(issues[1]!.score);
    expect(defaultThreshold(issues, 0)).toBe(Number.POSITIVE_INFINITY);
  });
});
