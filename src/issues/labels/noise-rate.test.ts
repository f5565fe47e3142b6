import { describe, expect, it } from "vitest";
import { randomFrom } from "../../data/random.js";
import { correctable } from "./correctable.js";
import { heldOutView, lateView } from "./epoch-views.js";
import { confidentDisagreement, estimateNoiseRate, jointRate, rateOfHeldOut } from "./noise-rate.js";
import { wrongProbabilities } from "./rank.js";
import { relativeOdds } from "./score.js";

const classes = 5;
const epochs = 20;

/** Histories of a network that learned the true classes and did not memorize: of the noise, `rate` of the labels are wrong. */
function planted(rate: number, pair: boolean, n = 2000) {
  const random = randomFrom(4, "planted", rate, Number(pair));
  const truth = Int32Array.from({ length: n }, (_, i) => i % classes);
  const labels = truth.map((y) => {
    if (random.uniform() >= rate) return y;
    return (y + (pair ? 1 : 1 + random.integer(classes - 1))) % classes;
  });
  const probabilities = new Float32Array(n * classes);
  const record = new Float32Array(3 * n);
  labels.forEach((label, i) => {
    const sure = 0.75 + 0.2 * random.uniform();
    const predicted = random.uniform() < 0.98 ? truth[i]! : random.integer(classes);
    for (let j = 0; j < classes; j++) probabilities[i * classes + j] = j === predicted ? sure : (1 - sure) / 4;
    const own = label === predicted ? sure : (1 - sure) / 4;
    const rival = label === predicted ? (1 - sure) / 4 : sure;
    record.set([own, Math.log(own / rival), predicted], 3 * i);
  });
  const wrong = Array.from(labels, (label, i) => label !== truth[i]);
  return { labels, probabilities, wrong, records: Array<Float32Array>(epochs).fill(record) };
}

function rateOf({ labels, records }: ReturnType<typeof planted>) {
  const everyone = Int32Array.from(labels.keys());
  const late = lateView(records, epochs, everyone, labels, classes);
  const disagreement = records[0]!.filter((value, k) => k % 3 === 2 && value !== labels[(k - 2) / 3]).length;
  return estimateNoiseRate({
    lateJoint: jointRate(late, labels),
    lateAgreement: confidentDisagreement(late, labels, classes, 0.1),
    lateDisagreement: disagreement / labels.length,
    informativeDisagreement: disagreement / labels.length,
    informativeJoint: jointRate(late, labels),
    margins: 0,
    heldOut: null,
    samples: labels.length,
  });
}

describe("the estimated noise rate of a network that did not memorize", () => {
  it.each(
    [false, true].flatMap((pair) =>
      [0, 0.05, 0.1, 0.2, 0.4].map((rate) => [pair ? "pair" : "symmetric", rate] as const),
    ),
  )("is within a fifth or two points of the truth under %s noise of %f", (kind, rate) => {
    const data = planted(rate, kind === "pair");
    const truth = data.wrong.filter(Boolean).length / data.wrong.length;
    const { estimate, low, high } = rateOf(data);
    expect(Math.abs(estimate - truth)).toBeLessThanOrEqual(Math.max(0.02, 0.2 * truth));
    expect(low).toBeLessThanOrEqual(estimate);
    expect(high).toBeGreaterThanOrEqual(estimate);
  });
});

describe("the estimated noise rate of a network that memorized", () => {
  const memorized = {
    lateJoint: 0,
    lateAgreement: 0,
    lateDisagreement: 0.01,
    informativeDisagreement: 0.3,
    informativeJoint: 0.2,
    margins: 0,
    samples: 1000,
  };

  const none = { rate: 0, low: 0, high: 0, gain: 0 };

  it("is by the likelihood of the labels of samples held out where that shows noise, the interval about it by chance", () => {
    const uniform = { rate: 0.36, low: 0.3, high: 0.4, gain: 9 };
    const heldOut = { most: 0.5, majority: 0.55, uniform, position: 0.1, samples: 300 };
    const { estimate, low, high, method } = estimateNoiseRate({ ...memorized, heldOut });
    expect([estimate, method]).toEqual([0.36, "held-out likelihood"]);
    const chance = 1.96 * Math.sqrt((0.36 * 0.64) / 300);
    expect(estimate - low).toBeCloseTo(Math.hypot(0.06, chance), 9);
    expect(high - estimate).toBeCloseTo(Math.hypot(0.04, chance), 9);
  });

  it("is that of samples held out until the network had learned", () => {
    const heldOut = { most: 0.2, majority: 0.22, uniform: none, position: 0.5, samples: 300 };
    expect(estimateNoiseRate({ ...memorized, heldOut })).toMatchObject({
      estimate: expect.closeTo(0.21),
      method: "held-out agreement",
    });
  });

  it("is none, with the disagreement as the upper bound, of a network that errs the more, the less confident it is", () => {
    const heldOut = {
      most: 0.18,
      majority: 0.32,
      uniform: { ...none, high: 0.01, gain: 1 },
      position: 0.5,
      samples: 300,
    };
    const late = { ...memorized, lateDisagreement: 0.3 };
    for (const evidence of [memorized, late]) {
      const rate = estimateNoiseRate({ ...evidence, heldOut });
      expect(rate).toEqual({ estimate: 0, low: 0, high: 0.18, method: "held-out likelihood" });
    }
  });

  it("lies between two estimates, its interval about both, where they were held out briefly", () => {
    const heldOut = { most: 0.475, majority: 0.525, uniform: none, position: 0.1, samples: 300 };
    const { estimate, low, high, method } = estimateNoiseRate({ ...memorized, heldOut });
    expect([estimate, method]).toEqual([expect.closeTo(0.35), "held-out and informative views"]);
    expect(low).toBeLessThanOrEqual(0.2);
    expect(high).toBeGreaterThanOrEqual(0.525);
  });

  it("has an interval from 0 where the network may be weak or the labels wrong, and one of its own below that", () => {
    const of = (most: number) => ({ most, majority: most + 0.05, uniform: none, position: 0.5, samples: 300 });
    expect(estimateNoiseRate({ ...memorized, heldOut: of(0.26) })).toMatchObject({
      estimate: expect.closeTo(0.285),
      low: 0,
    });
    expect(estimateNoiseRate({ ...memorized, heldOut: of(0.24) }).low).toBeGreaterThan(0.15);
  });

  it("has a wide interval where none were held out", () => {
    expect(estimateNoiseRate({ ...memorized, heldOut: null })).toEqual({
      estimate: 0.2,
      low: 0,
      high: 0.3,
      method: "informative joint",
    });
  });

  it.each([0, 0.1, 0.2, 0.4])(
    "is within a fifth or two points of the truth under noise of %f, by samples held out",
    (rate) => {
      const { labels, probabilities, wrong } = planted(rate, false);
      const heldOut = rateOfHeldOut(probabilities, labels, classes, 0.5);
      const truth = wrong.filter(Boolean).length / wrong.length;
      const { estimate } = estimateNoiseRate({ ...memorized, heldOut });
      expect(Math.abs(estimate - truth)).toBeLessThanOrEqual(Math.max(0.02, 0.2 * truth));
    },
  );
});

describe("the view of the samples held out", () => {
  const index = Int32Array.of(4, 2);
  const epoch = (p: number) => ({ index, probabilities: Float32Array.of(p, 1 - p, 1 - p, p) });

  it("is the mean of the epochs, each counting 0.7 of the next one", () => {
    const view = heldOutView([epoch(0.5), epoch(0.25), epoch(1)]);
    expect(view).toMatchObject({ index, epochs: 3 });
    expect(view?.probabilities[0]).toBeCloseTo((0.49 * 0.5 + 0.7 * 0.25 + 1) / (0.49 + 0.7 + 1), 6);
  });

  it("is none where none were held out", () => {
    expect(heldOutView([])).toBeNull();
  });
});

describe("P(wrong)", () => {
  const everyone = (labels: Int32Array) => Int32Array.from(labels.keys());

  it.each([0.05, 0.2, 0.4])("has the mean of the rate %f, and is high where labels are wrong", (rate) => {
    const { labels, probabilities, wrong } = planted(rate, false);
    const odds = relativeOdds(probabilities, labels, classes, everyone(labels));
    const p = wrongProbabilities(odds, rate);
    expect(p.reduce((sum, value) => sum + value, 0) / p.length).toBeCloseTo(rate, 6);
    const meanOf = (is: boolean) => {
      const some = p.filter((_, i) => wrong[i] === is);
      return some.reduce((sum, value) => sum + value, 0) / some.length;
    };
    expect(meanOf(true)).toBeGreaterThan(meanOf(false) + 0.5);
  });

  it("is 0 everywhere for a rate of 0", () => {
    expect(wrongProbabilities(Float64Array.of(3, -2), 0)).toEqual(Float64Array.of(0, 0));
  });
});

it("corrects no more of a class than is estimated to be wrong, the likeliest first", () => {
  const issue = (index: number, given: string, pWrong: number) => ({
    index,
    file: null,
    given,
    suggested: "other",
    score: 0.5,
    pWrong,
    probability: 0.5,
    disagreesFrom: null,
    areaUnderMargin: null,
    agreement: null,
    forgettingEvents: null,
    verdict: "hard" as const,
  });
  const issues = [issue(0, "cat", 0.6), issue(1, "cat", 0.9), issue(2, "dog", 0.8), issue(3, "cat", 0.4)];
  const health = (name: string, labelErrorRate: number) => ({
    name,
    samples: 10,
    cleanLabels: 10 * (1 - labelErrorRate),
    labelErrorRate,
    low: 0,
    high: 1,
    testAccuracy: null,
  });
  const chosen = correctable(issues, [health("cat", 0.1), health("dog", 0.04)]);
  expect(chosen.map(({ index }) => index)).toEqual([1]);
});

describe("the estimated noise rate where a network disagrees with more labels than the joint counts", () => {
  const evidence = (measured: object) => ({
    lateJoint: 0,
    lateAgreement: 0,
    lateDisagreement: 0,
    informativeJoint: 0,
    informativeDisagreement: 0,
    margins: 0,
    heldOut: null,
    samples: 5000,
    ...measured,
  });

  // Evidence of real runs: a network that had memorized 13% of the wrong labels, and three that were weak on CIFAR-10.
  const partly = { lateJoint: 0.185, lateAgreement: 0.01, lateDisagreement: 0.311, informativeJoint: 0.195 };
  it.each([
    ["margins", 0.359, { ...partly, informativeDisagreement: 0.31, margins: 0.336 }],
    [
      "late agreement",
      0.1,
      { lateJoint: 0.245, lateAgreement: 0.107, lateDisagreement: 0.352, informativeDisagreement: 0.341 },
    ],
    [
      "late agreement",
      0.2,
      { lateJoint: 0.376, lateAgreement: 0.204, lateDisagreement: 0.445, informativeDisagreement: 0.435 },
    ],
    [
      "late agreement",
      0.181,
      { lateJoint: 0.373, lateAgreement: 0.178, lateDisagreement: 0.452, informativeDisagreement: 0.445 },
    ],
  ])("is by %s, within a fifth of the truth %f, which the interval contains", (method, truth, measured) => {
    const rate = estimateNoiseRate(evidence(measured));
    expect(rate.method).toBe(method);
    expect(Math.abs(rate.estimate - truth)).toBeLessThanOrEqual(truth / 5);
    expect(rate.low).toBeLessThanOrEqual(truth);
    expect(rate.high).toBeGreaterThanOrEqual(truth);
  });
});
