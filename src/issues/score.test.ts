import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { foldHistory } from "./history.js";
import { epochWeight, finalWeight } from "./informative.js";
import { type Along, type Evidence, scoreLabels } from "./score.js";

const labels = Int32Array.of(0, 1);
/** One epoch: probabilities 0.5 and 0.25 of the labels, margins 2 and -1, the first one answered. */
const history = foldHistory([Float32Array.of(0.5, 2, 0, 0.25, -1, 0)], labels, 2);
const final = Float32Array.of(0.8, 0.2, 0.9, 0.1);
const evidenceAt = (disagreement: number, beliefs = final): Evidence => {
  const along: Along = { history, epochs: 1, final: beliefs, disagreement };
  return { labels, classes: 2, beliefs, logits: beliefs, along };
};

describe("the score of a label", () => {
  it("averages what was seen along the run and what is believed in the end, by their weights", () => {
    const [seen, last] = [history.tellingWeight[0]!, finalWeight(1, 0.6)];
    const mean = (along: number, end: number) => 1 - (seen * along + last * end) / (seen + last);
    expectAllClose(scoreLabels(evidenceAt(0.6)).score, [mean(0.5, 0.8), mean(0.25, 0.1)], { rtol: 1e-6 });
  });

  it("is what was seen along the run alone where the final network answers every label as given", () => {
    expectAllClose(scoreLabels(evidenceAt(0)).score, [0.5, 0.75]);
  });

  it("comes from the probabilities where there was no run", () => {
    const { score, probability, tieBreak } = scoreLabels({ ...evidenceAt(0), along: null });
    expectAllClose(score, [0.2, 0.9]);
    expectAllClose(probability, [0.8, 0.1]);
    expect([...tieBreak]).toEqual([0, 0]);
  });

  it("stays within 0 and 1 where probabilities stray by rounding", () => {
    const strayed = Float32Array.of(1 + 1e-6, 0, 0, -1e-6);
    expect([...scoreLabels({ ...evidenceAt(0, strayed), along: null }).score]).toEqual([0, 1]);
  });

  it("breaks ties by the area under the margin", () => {
    expectAllClose(scoreLabels(evidenceAt(0.6)).tieBreak, [-2, 1]);
  });
});

describe("what an epoch tells", () => {
  it("grows with time and with the share of labels not answered, and is nothing where all are", () => {
    expect(epochWeight(4, 0.5)).toBeGreaterThan(epochWeight(3, 0.5));
    expect(epochWeight(4, 0.5)).toBeGreaterThan(epochWeight(4, 0.4));
    expect(epochWeight(4, 0)).toBe(0);
    expect(finalWeight(8, 0.5)).toBe(4 * epochWeight(8, 0.5));
  });
});
