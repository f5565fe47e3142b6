import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { foldHistory } from "./history.js";
import { type Evidence, memorisedShare, scoreLabels } from "./score.js";

const labels = Int32Array.of(0, 1);
/** One epoch: probabilities 0.5 and 0.25 of the labels, margins 2 and -1, the first one answered. */
const history = foldHistory([Float32Array.of(0.5, 2, 0, 0.25, -1, 0)], labels, 2);
const targets = Float32Array.of(0.8, 0.2, 0.9, 0.1);
const evidence: Evidence = {
  labels,
  classes: 2,
  beliefs: targets,
  logits: targets,
  history,
  adaptive: true,
  memorised: 0,
};

describe("the score of a label", () => {
  it("is what its target lacks to one", () => {
    const { score, probability } = scoreLabels(evidence);
    expectAllClose(score, [0.2, 0.9]);
    expectAllClose(probability, [0.8, 0.1]);
  });

  it("leans on the time before as far as wrong labels were memorised", () => {
    expectAllClose(scoreLabels({ ...evidence, memorised: 0.5 }).score, [0.35, 0.825]);
    expectAllClose(scoreLabels({ ...evidence, memorised: 1 }).score, [0.5, 0.75]);
  });

  it("comes from the record alone without targets, and from the probabilities without a record", () => {
    expectAllClose(scoreLabels({ ...evidence, adaptive: false }).score, [0.5, 0.75]);
    expectAllClose(scoreLabels({ ...evidence, adaptive: false, history: null }).score, [0.2, 0.9]);
  });

  it("stays within 0 and 1 where targets stray by rounding", () => {
    const beliefs = Float32Array.of(1 + 1e-6, 0, 0, -1e-6);
    expect([...scoreLabels({ ...evidence, beliefs }).score]).toEqual([0, 1]);
  });

  it("breaks ties by the area under the margin", () => {
    expectAllClose(scoreLabels(evidence).tieBreak, [-2, 1]);
  });
});

describe("the share of wrong labels memorised", () => {
  const given = new Int32Array(10);
  const judged = Int32Array.from(given.keys());
  const answering = (right: number) => {
    const rows = [...given.keys()].flatMap((i) => [0.5, 0, i < right ? 0 : 1]);
    return foldHistory([Float32Array.from(rows)], given, 2);
  };

  it.each([
    [10, 0.4, 1],
    [8, 0.4, 0.5],
    [6, 0.4, 0],
    [3, 0.4, 0],
    [10, 0, 0],
  ])("with %i of 10 answered as labelled and %f wrong is %f", (right, wrongShare, expected) => {
    expect(memorisedShare(answering(right), given, judged, wrongShare)).toBeCloseTo(expected, 9);
  });
});
