import { describe, expect, it } from "vitest";
import { randomFrom } from "../../../data/random.js";
import { findIssuesByFeatures, findIssuesByProbabilities } from "../../find-issues.js";
import { correctable } from "../correctable.js";
import { againstChance } from "./chance.js";

const names = ["ant", "bee", "cat", "dog"];
const classes = names.length;
const samples = 400;
const labels = Int32Array.from({ length: samples }, (_, i) => i % classes);

/** Probabilities of `row(label, random)`, one a sample. */
function probabilitiesOf(row: (label: number, random: ReturnType<typeof randomFrom>) => readonly number[]) {
  const random = randomFrom(8, "probabilities");
  const rows = Array.from(labels, (label) => row(label, random));
  const normalized = rows.map((values) => values.map((value) => value / values.reduce((sum, one) => sum + one, 0)));
  return Float32Array.from(normalized.flat());
}

const oneHot = (j: number) => names.map((_, k) => (k === j ? 0.97 : 0.01));

describe("predictions that are hardly better than chance", () => {
  it.each([
    ["equal for all classes", probabilitiesOf(() => [1, 1, 1, 1])],
    ["the same for every sample", probabilitiesOf(() => oneHot(2))],
    ["random", probabilitiesOf((_, random) => names.map(() => random.uniform()))],
    ["random and certain", probabilitiesOf((_, random) => oneHot(random.integer(classes)))],
    ["in columns of another order", probabilitiesOf((label) => oneHot((label + 1) % classes))],
    [
      "right for 28% of the samples",
      probabilitiesOf((label, random) => oneHot(random.uniform() < 0.04 ? label : random.integer(classes))),
    ],
  ])("leave the noise rate unknown, and no label is corrected: %s", (_, probabilities) => {
    const { noiseRate, issues, classHealth } = findIssuesByProbabilities({ probabilities, labels, classes: names });
    expect(noiseRate).toMatchObject({ estimate: 0, low: 0, method: "near chance" });
    expect(noiseRate.high).toBeGreaterThanOrEqual(0.74);
    expect(issues).toHaveLength(samples);
    expect(correctable(issues, classHealth)).toEqual([]);
    for (const { low, high } of classHealth) expect([low, high > 0.7]).toEqual([0, true]);
  });

  it("are those by neighbors of random features", async () => {
    const random = randomFrom(9, "features");
    const values = Float32Array.from({ length: samples * 8 }, () => random.normal());
    const features = { values, size: 8 };
    const { noiseRate } = await findIssuesByFeatures({ features, labels, classes: names, types: [] });
    expect(noiseRate).toMatchObject({ estimate: 0, low: 0, method: "near chance" });
  });

  it("are compared by Cohen's kappa, whose bound rises for few samples", () => {
    const few = (n: number, right: number) => {
      const given = Int32Array.from({ length: n }, (_, i) => i % 2);
      const predicted = Array.from(given, (label, i) => (i < right ? label : 1 - label));
      return againstChance(Float32Array.from(predicted.flatMap((j) => (j === 0 ? [1, 0] : [0, 1]))), given, 2);
    };
    expect(few(1000, 540)).toEqual({ unknown: "near chance", atMost: expect.closeTo(0.5) });
    expect(few(1000, 560)).toMatchObject({ unknown: null });
    expect(few(20, 14)).toMatchObject({ unknown: "near chance" });
    expect(few(20, 16)).toMatchObject({ unknown: null });
    expect(few(20, 4)).toEqual({ unknown: "near chance", atMost: expect.closeTo(0.8) });
  });
});

describe("a weak network that is better than chance", () => {
  /** Right for clean labels the more often, the more confident it is. */
  const probabilities = probabilitiesOf((label, random) => {
    const logits = names.map((_, j) => (j === label ? 0.8 : 0) + random.normal());
    return logits.map((logit) => Math.exp(4 * logit));
  });

  it("gives an upper bound in the place of an estimate", () => {
    const { noiseRate } = findIssuesByProbabilities({ probabilities, labels, classes: names });
    expect(againstChance(probabilities, labels, classes).unknown).toBeNull();
    expect(noiseRate).toMatchObject({ estimate: 0, low: 0 });
    expect(noiseRate.high).toBeGreaterThan(0.2);
  });
});

describe("the order of the columns", () => {
  const notesOf = (moved: (label: number) => number) => {
    const probabilities = probabilitiesOf((label) => oneHot(moved(label)));
    return findIssuesByProbabilities({ probabilities, labels, classes: names }).notes;
  };

  it("is doubted in a note where most samples of some classes are predicted as another of these", () => {
    expect(notesOf((label) => (label === 0 ? 3 : label === 3 ? 0 : label))).toEqual([
      "most samples of 2 classes are predicted as another (ant as dog, dog as ant): check that the columns of the probabilities are in the order of the classes",
    ]);
    expect(notesOf((label) => (label + 1) % classes)[0]).toMatch(
      /4 classes .*\(ant as bee, bee as cat, cat as dog, \.\.\.\)/,
    );
  });

  it("is not doubted for right, equal or constant predictions", () => {
    for (const moved of [(label: number) => label, () => 2]) expect(notesOf(moved)).toEqual([]);
  });
});
