import { describe, expect, it } from "vitest";
import { type HeldSamples, randomFrom } from "../../data/index.js";
import { findIssuesByFeatures } from "../find-issues.js";
import { unknownReason } from "../labels/rate/noise-rate.js";
import { type DataPart, issueEvidence } from "../part.js";
import { findKinds } from "./find-kinds.js";
import { issueKinds } from "./registry.js";

const side = 8;

/** Labels of unusual data. */
const cases: readonly (readonly [what: string, labels: readonly number[], classes: number])[] = [
  ["one sample", [0], 2],
  ["two samples", [0, 1], 2],
  ["20 samples", Array.from({ length: 20 }, (_, i) => i % 3), 3],
  ["a single class", Array.from({ length: 40 }, () => 0), 1],
  ["a single class of three", Array.from({ length: 40 }, () => 1), 3],
  ["some samples without a label", Array.from({ length: 60 }, (_, i) => (i % 3) - 1), 2],
  ["no labels", Array.from({ length: 40 }, () => -1), 2],
  ["1,000 classes", Array.from({ length: 1000 }, (_, i) => i), 1000],
  ["1,000 classes of which most are empty", Array.from({ length: 60 }, (_, i) => i * 16), 1000],
];

function samplesOf(labels: readonly number[]): HeldSamples {
  const random = randomFrom(labels.length, "edge data");
  const values = Uint8Array.from({ length: labels.length * 3 * side * side }, () => random.integer(256));
  return { values, shape: [3, side, side], labels: Int32Array.from(labels) };
}

/** Samples near the corner of their class in 16 dimensions. */
function featuresOf(labels: readonly number[]) {
  const random = randomFrom(labels.length, "edge features");
  const values = labels.flatMap((label) =>
    Array.from({ length: 16 }, (_, j) => Number(j === label % 16) + 0.2 * random.normal()),
  );
  return { values: Float32Array.from(values), size: 16 };
}

function partOf(name: string, labels: readonly number[], classes: number): DataPart {
  const probabilities = new Float32Array(labels.length * classes).fill(1 / classes);
  const own = {
    indices: Int32Array.from(labels.keys()),
    labels: Int32Array.from(labels),
    unreadable: new Int32Array(),
  };
  return { name, ...own, samples: samplesOf(labels), features: featuresOf(labels), probabilities };
}

const names = (classes: number) => Array.from({ length: classes }, (_, i) => `class ${i}`);

describe.each(cases)("of %s", (_, labels, classes) => {
  it("every kind has a summary, a score within [0, 1] or none for every sample, and flags only with a score", async () => {
    const other = partOf("test", [0, ...labels.slice(0, 5)], classes);
    const evidence = issueEvidence(names(classes), partOf("train", labels, classes), [other]);
    const { found, notes } = await findKinds(evidence, issueKinds);
    expect(found.length + notes.length).toBe(issueKinds.length);
    for (const { summary, columns, kind } of found) {
      expect(summary, kind.name).toMatch(/^[^\n]+$/);
      expect(summary, kind.name).not.toMatch(/NaN|Infinity|undefined/);
      for (const { scores, flags } of columns) {
        expect([scores.length, flags.length]).toEqual([labels.length, labels.length]);
        scores.forEach((score, i) => {
          expect(Number.isNaN(score) ? flags[i] === 0 : score >= 0 && score <= 1, `${kind.name} ${i}: ${score}`).toBe(
            true,
          );
        });
      }
    }
    for (const note of notes) expect(note).toMatch(/: not searched for, without labels$/);
  });

  it("every label has a place in the ranking, with a verdict and another class, or the reason is said why none has", async () => {
    const given = { features: featuresOf(labels), labels: Int32Array.from(labels), classes: names(classes) };
    const { issues, noiseRate, classHealth } = await findIssuesByFeatures({ ...given, types: [] });
    const labeled = labels.filter((label) => label >= 0).length;
    expect(issues).toHaveLength(classes === 1 ? 0 : labeled);
    if (issues.length === 0) expect(unknownReason(noiseRate)).toMatch(/^no sample has a label|of one class/);
    for (const { suggested, given: own, score, pWrong, verdict } of issues) {
      expect(names(classes).filter((name) => name !== own)).toContain(suggested);
      for (const value of [score, pWrong]) expect(value >= 0 && value <= 1).toBe(true);
      expect(verdict).toMatch(/^(mislabeled|ambiguous|outlier|hard)$/);
    }
    for (const value of [noiseRate.estimate, noiseRate.low, noiseRate.high])
      expect(value >= 0 && value <= 1).toBe(true);
    for (const { labelErrorRate } of classHealth) expect(labelErrorRate >= 0 && labelErrorRate <= 1).toBe(true);
  });
});
