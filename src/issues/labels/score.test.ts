import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { foldHistory } from "./history.js";
import { epochWeight, finalWeight } from "./informative.js";
import { type Evidence, type RunEvidence, relativeOdds, scoreLabels } from "./score.js";

const labels = Int32Array.of(0, 1);
/** One epoch: probabilities 0.5 and 0.25 of the labels, margins 2 and -1, the first one predicted. */
const history = foldHistory([Float32Array.of(0.5, 2, 0, 0.25, -1, 0)], labels, 2);
const final = Float32Array.of(0.8, 0.2, 0.9, 0.1);
const evidenceAt = (disagreement: number, probabilities = final): Evidence => {
  const run: RunEvidence = { history, epochs: 1, final: probabilities, disagreement };
  return { labels, classes: 2, probabilities, logits: probabilities, run, far: new Set() };
};

const both = Int32Array.of(0, 1);

describe("the odds against a label", () => {
  it("are those during training and those of the final network, seven to three", () => {
    const evidence = evidenceAt(0.6);
    const along = relativeOdds(history.informativeProbabilities, labels, 2, both);
    const end = relativeOdds(final, labels, 2, both);
    expectAllClose(
      scoreLabels(evidence, both).odds,
      along.map((odds, i) => 0.7 * odds + 0.3 * end[i]!),
    );
  });

  it("come from the probabilities where there was no run", () => {
    const { odds, probability, tieBreak } = scoreLabels({ ...evidenceAt(0), run: null }, both);
    expect(odds).toEqual(relativeOdds(final, labels, 2, both));
    expectAllClose(probability, [0.8, 0.1]);
    expect([...tieBreak]).toEqual([0, 0]);
  });

  it("are finite where probabilities stray by rounding", () => {
    const strayed = Float32Array.of(1 + 1e-6, 0, 0, -1e-6);
    expect(scoreLabels({ ...evidenceAt(0, strayed), run: null }, both).odds.every(Number.isFinite)).toBe(true);
  });

  it("break ties by the area under the margin", () => {
    expectAllClose(scoreLabels(evidenceAt(0.6), both).tieBreak, [-2, 1]);
  });
});

describe("relative odds", () => {
  it("measure each class by the mean probability of the samples labeled so", () => {
    const three = Float32Array.of(0.6, 0.3, 0.1, 0.2, 0.7, 0.1, 0.5, 0.1, 0.4);
    const [x] = relativeOdds(three, Int32Array.of(0, 1, 2), 3, Int32Array.of(0, 1, 2));
    expect(x).toBeCloseTo(Math.max(Math.log(0.3 / 0.7), Math.log(0.1 / 0.4)) - Math.log(0.6 / 0.6), 6);
  });
});

describe("the weight of an epoch", () => {
  it("grows with time and with the fraction of labels not predicted, and is nothing where all are", () => {
    expect(epochWeight(4, 0.5)).toBeGreaterThan(epochWeight(3, 0.5));
    expect(epochWeight(4, 0.5)).toBeGreaterThan(epochWeight(4, 0.4));
    expect(epochWeight(4, 0)).toBe(0);
    expect(finalWeight(8, 0.5)).toBe(4 * epochWeight(8, 0.5));
  });
});
