import { describe, expect, it } from "vitest";
import { foldHistory } from "./history.js";
import { type Names, rankIssues } from "./rank.js";
import { type Evidence, scoreLabels } from "./score.js";

const classes = ["cat", "dog", "owl"];
const labels = Int32Array.of(0, 0, 1, 2);
const probabilities = Float32Array.of(0.1, 0.2, 0.7, 0.5, 0.25, 0.25, 0.2, 0.6, 0.2, 0.3, 0.2, 0.5);
const logits = Float32Array.of(0, 0, 0, 0, 1, 2, 3, 0, 1, 0, 0, 0);
const given: Evidence = { labels, classes: 3, probabilities, logits, run: null, far: new Set() };
const everyone = Int32Array.of(0, 1, 2, 3);
const rank = (evidence: Evidence, samples: Int32Array, names: Names) =>
  rankIssues(evidence, samples, scoreLabels(evidence, samples), { estimate: 0.25, method: "late joint" }, names);

describe("a ranking", () => {
  it("puts the labels first that are least probable for their class, and suggests the most probable other class", () => {
    const issues = rank(given, everyone, { classes });
    expect(issues.map(({ index }) => index)).toEqual([0, 3, 2, 1]);
    expect(issues[0]).toEqual({
      index: 0,
      file: null,
      given: "cat",
      suggested: "owl",
      score: expect.closeTo(4.2 / 5.2, 6),
      pWrong: expect.any(Number),
      verdict: "mislabeled",
      probability: expect.closeTo(0.1, 6),
      disagreesFrom: null,
      areaUnderMargin: null,
      agreement: null,
      forgettingEvents: null,
    });
    expect(issues[1]).toMatchObject({ given: "owl", suggested: "cat" });
  });

  it("breaks ties between equally probable classes by the logits", () => {
    const suggested = new Map(rank(given, everyone, { classes }).map((issue) => [issue.index, issue.suggested]));
    expect([suggested.get(1), suggested.get(2)]).toEqual(["owl", "cat"]);
  });

  it("leaves out those that are not evaluated, and names files", () => {
    const files = ["a.png", "b.png", "c.png", "d.png"];
    const issues = rank(given, Int32Array.of(2, 3), { classes, files });
    expect(issues.map(({ index, file }) => [index, file])).toEqual([
      [2, "c.png"],
      [3, "d.png"],
    ]);
  });

  it("orders equal scores by the area under the margin", () => {
    const row = (margin: number, i: number) => [0.5, margin, labels[i]!];
    const record = Float32Array.from([3, 1, -2, 0].flatMap(row));
    const run = {
      history: foldHistory([record, record], labels, 3),
      epochs: 2,
      final: new Float32Array(12).fill(1 / 3),
      disagreement: 0.5,
    };
    const issues = rank({ ...given, run }, everyone, { classes });
    expect(issues.map(({ index }) => index)).toEqual([2, 3, 1, 0]);
    expect(new Set(issues.map(({ score }) => score)).size).toBe(1);
  });

  it("says since when the network disagreed", () => {
    const record = (predictions: readonly number[]) =>
      Float32Array.from(predictions.flatMap((prediction) => [0.5, 1, prediction]));
    const history = foldHistory([record([0, 1, 0, 2]), record([0, 1, 2, 1])], labels, 3);
    const issues = rank({ ...given, run: { history, epochs: 2, final: probabilities, disagreement: 0.5 } }, everyone, {
      classes,
    });
    const since = new Map(issues.map((issue) => [issue.index, issue.disagreesFrom]));
    expect([...everyone].map((i) => since.get(i))).toEqual([null, 0, 0, 1]);
  });

  it("of a run has the area under the margin, agreement and forgetting events beside the score", () => {
    const record = (margin: number, predictions: readonly number[]) =>
      Float32Array.from(predictions.flatMap((prediction) => [0.5, margin, prediction]));
    const records = [
      record(3, [0, 1, 1, 0]),
      record(-1, [1, 1, 1, 2]),
      record(1, [0, 2, 1, 1]),
      record(3, [2, 0, 1, 1]),
    ];
    const run = { history: foldHistory(records, labels, 3), epochs: 4, final: probabilities, disagreement: 0.5 };
    const issues = rank({ ...given, run }, everyone, { classes }).sort((a, b) => a.index - b.index);
    expect(issues.map(({ areaUnderMargin }) => areaUnderMargin)).toEqual([1.5, 1.5, 1.5, 1.5]);
    expect(issues.map(({ agreement }) => agreement)).toEqual([0.5, 0.25, 1, 0.25]);
    expect(issues.map(({ forgettingEvents }) => forgettingEvents)).toEqual([2, 0, 0, 1]);
  });

  it("of a run has the label's probability during and after training, weighted by how informative each is", () => {
    const record = (probabilities: readonly number[]) => Float32Array.from(probabilities.flatMap((p) => [p, 1, 0]));
    const history = foldHistory([record([0.2, 0.4, 0.6, 0.8]), record([0.6, 0.2, 0.4, 0.8])], labels, 3);
    const run = { history, epochs: 2, final: probabilities, disagreement: 0.75 };
    const issues = rank({ ...given, run }, everyone, { classes });
    const [first, second] = [(1 * 0.6 ** 2) ** 2, (2 * 0.6 ** 2) ** 2];
    const last = (2 * 0.75 ** 2) ** 2;
    const expected = (0.2 * first + 0.6 * second + 0.1 * last) / (first + second + last);
    expect(issues.find(({ index }) => index === 0)?.probability).toBeCloseTo(expected, 6);
    const memorized = rank({ ...given, run: { ...run, disagreement: 0 } }, everyone, { classes });
    const alone = (0.2 * first + 0.6 * second) / (first + second);
    expect(memorized.find(({ index }) => index === 0)?.probability).toBeCloseTo(alone, 6);
  });

  it("has P(wrong) of the rate in the mean, in the order of the scores", () => {
    const pWrong = rank(given, everyone, { classes }).map((issue) => issue.pWrong);
    expect(pWrong.reduce((sum, p) => sum + p, 0) / 4).toBeCloseTo(0.25, 6);
    expect(pWrong).toEqual(pWrong.toSorted((a, b) => b - a));
  });
});
