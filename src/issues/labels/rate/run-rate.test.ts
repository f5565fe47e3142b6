import { describe, expect, it } from "vitest";
import { randomFrom } from "../../../data/random.js";
import { correctable } from "../correctable.js";
import { heldOutView, lastDrop, lateView } from "../epoch-views.js";
import { wrongProbabilities } from "../rank.js";
import { relativeOdds } from "../score.js";
import { againstChance } from "./chance.js";
import { confidentDisagreement } from "./confident-disagreement.js";
import { type HeldOutOfRun, heldOutEvidence } from "./held-out-rate.js";
import type { NoiseRateMethod } from "./noise-rate.js";
import { estimateNoiseRate, jointRate } from "./run-rate.js";

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
  const joint = jointRate(late, labels);
  return estimateNoiseRate({
    late: {
      joint,
      agreement: confidentDisagreement(late, labels, classes, 0.1)!,
      disagreement: disagreement / labels.length,
      drop: lastDrop(records, labels),
      chance: againstChance(late, labels, classes),
    },
    informative: { joint, disagreement: disagreement / labels.length },
    margins: 0,
    heldOut: null,
    samples: labels.length,
  });
}

const better = { unknown: null, atMost: 0.8 } as const;
const confusions = { rate: 0.26, gain: 50, shows: true };
const none = { rate: 0, low: 0, high: 0, gain: 0 };
const heldOutOf = (measured: Partial<HeldOutOfRun>): HeldOutOfRun => ({
  most: 0,
  majority: 0,
  weak: false,
  uniform: none,
  confusions: null,
  chance: better,
  position: 0.5,
  samples: 300,
  ...measured,
});

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
    late: { joint: 0, agreement: 0, disagreement: 0.01, drop: 0.001, chance: better },
    informative: { joint: 0.2, disagreement: 0.3 },
    margins: 0,
    samples: 1000,
  };

  it("is by the likelihood of the labels of samples held out where that shows noise, the interval about it by chance", () => {
    const uniform = { rate: 0.36, low: 0.3, high: 0.4, gain: 9 };
    const heldOut = heldOutOf({ most: 0.5, majority: 0.55, uniform, position: 0.1 });
    const { estimate, low, high, method } = estimateNoiseRate({ ...memorized, heldOut });
    expect([estimate, method]).toEqual([0.36, "held-out likelihood"]);
    const chance = 1.96 * Math.sqrt((0.36 * 0.64) / 300);
    expect(estimate - low).toBeCloseTo(Math.hypot(0.06, chance), 9);
    expect(high - estimate).toBeCloseTo(Math.hypot(0.04, chance), 9);
  });

  it("may be as high as the disagreement where a network is confident, when noise of any class explains little of that", () => {
    const uniform = { rate: 0.024, low: 0.01, high: 0.04, gain: 4 };
    const rateWith = (most: number) =>
      estimateNoiseRate({ ...memorized, heldOut: heldOutOf({ most, majority: most + 0.09, uniform }) });
    expect(rateWith(0.5)).toMatchObject({ estimate: 0.024, high: 0.5, method: "held-out likelihood" });
    expect(rateWith(0.04).high).toBeLessThan(0.06);
  });

  it("is that of samples held out until the network had learned", () => {
    const heldOut = heldOutOf({ most: 0.2, majority: 0.22 });
    expect(estimateNoiseRate({ ...memorized, heldOut })).toMatchObject({
      estimate: expect.closeTo(0.21),
      method: "held-out agreement",
    });
  });

  it("is none, with the disagreement as the upper bound, of a network that errs the more, the less confident it is", () => {
    const uniform = { ...none, high: 0.01, gain: 1 };
    const heldOut = heldOutOf({ most: 0.18, majority: 0.32, weak: true, uniform });
    const unmemorized = { ...memorized, late: { ...memorized.late, disagreement: 0.3 } };
    for (const evidence of [memorized, unmemorized]) {
      const rate = estimateNoiseRate({ ...evidence, heldOut });
      expect(rate).toEqual({ estimate: 0, low: 0, high: 0.18, method: "held-out likelihood" });
    }
  });

  it("lies between two estimates, its interval about both, where they were held out briefly", () => {
    const heldOut = heldOutOf({ most: 0.475, majority: 0.525, position: 0.1 });
    const { estimate, low, high, method } = estimateNoiseRate({ ...memorized, heldOut });
    expect([estimate, method]).toEqual([expect.closeTo(0.35), "held-out and informative views"]);
    expect(low).toBeLessThanOrEqual(0.2);
    expect(high).toBeGreaterThanOrEqual(0.525);
  });

  it("has an interval from 0 where the network may be weak or the labels wrong, and one of its own below that", () => {
    const of = (most: number) => heldOutOf({ most, majority: most + 0.05 });
    expect(estimateNoiseRate({ ...memorized, heldOut: of(0.26) })).toMatchObject({
      estimate: expect.closeTo(0.285),
      low: 0,
    });
    expect(estimateNoiseRate({ ...memorized, heldOut: of(0.24) }).low).toBeGreaterThan(0.15);
  });

  it("is unknown where none were held out, whatever the epochs and the margins say", () => {
    for (const margins of [0, 0.4]) {
      const unknown = { estimate: 0, low: 0, high: 0.8, method: "memorized" };
      expect(estimateNoiseRate({ ...memorized, margins, heldOut: null })).toEqual(unknown);
    }
  });

  it("is by noise between certain classes where samples held out show that, and the network may be weak", () => {
    const heldOut = heldOutOf({ most: 0.4, majority: 0.5, weak: true, confusions });
    const rate = { estimate: 0.26, low: 0, high: 0.4, method: "held-out confusions" };
    const unmemorized = { ...memorized, late: { ...memorized.late, disagreement: 0.3 } };
    for (const evidence of [memorized, unmemorized]) expect(estimateNoiseRate({ ...evidence, heldOut })).toEqual(rate);
    const chance = { ...heldOut, confusions: { ...confusions, shows: false } };
    expect(estimateNoiseRate({ ...memorized, heldOut: chance }).estimate).toBe(0);
    const learning = { ...unmemorized, late: { ...unmemorized.late, drop: 0.2 } };
    expect(estimateNoiseRate({ ...learning, heldOut }).estimate).toBe(0);
  });

  it.each([0, 0.1, 0.2, 0.4])(
    "is within a fifth or two points of the truth under noise of %f, by samples held out",
    (rate) => {
      const { labels, probabilities, wrong } = planted(rate, false);
      const heldOut = { ...heldOutEvidence({ probabilities, labels, classes }), position: 0.5 };
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
    const p = wrongProbabilities(odds, { estimate: rate, method: "late joint" });
    expect(p.reduce((sum, value) => sum + value, 0) / p.length).toBeCloseTo(rate, 6);
    const meanOf = (is: boolean) => {
      const some = p.filter((_, i) => wrong[i] === is);
      return some.reduce((sum, value) => sum + value, 0) / some.length;
    };
    expect(meanOf(true)).toBeGreaterThan(meanOf(false) + 0.5);
  });

  it("rises less steeply with the odds of a weak network, with the same mean", () => {
    const of = (method: NoiseRateMethod) => wrongProbabilities(Float64Array.of(2, -2), { estimate: 0.5, method });
    expect(of("late joint")[0]).toBeCloseTo(1 / (1 + Math.exp(-6)), 6);
    expect(of("held-out confusions")[0]).toBeCloseTo(1 / (1 + Math.exp(-4)), 6);
  });

  it("is 0 everywhere for a rate of 0", () => {
    expect(wrongProbabilities(Float64Array.of(3, -2), { estimate: 0, method: "late joint" })).toEqual(
      Float64Array.of(0, 0),
    );
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
  // Evidence of real runs: a network that had memorized 13% of the wrong labels, and three that were weak on CIFAR-10.
  it.each([
    [
      "margins",
      0.359,
      { joint: 0.185, agreement: 0.01, disagreement: 0.311 },
      { joint: 0.195, disagreement: 0.31 },
      0.336,
    ],
    [
      "late agreement",
      0.1,
      { joint: 0.245, agreement: 0.107, disagreement: 0.352 },
      { joint: 0, disagreement: 0.341 },
      0,
    ],
    [
      "late agreement",
      0.2,
      { joint: 0.376, agreement: 0.204, disagreement: 0.445 },
      { joint: 0, disagreement: 0.435 },
      0,
    ],
    [
      "late agreement",
      0.181,
      { joint: 0.373, agreement: 0.178, disagreement: 0.452 },
      { joint: 0, disagreement: 0.445 },
      0,
    ],
  ])(
    "is by %s, within a fifth of the truth %f, which the interval contains",
    (method, truth, late, informative, margins) => {
      const evidence = { informative, margins, heldOut: null, samples: 5000 };
      const rate = estimateNoiseRate({ ...evidence, late: { ...late, drop: 0.01, chance: better } });
      expect(rate.method).toBe(method);
      expect(Math.abs(rate.estimate - truth)).toBeLessThanOrEqual(truth / 5);
      expect(rate.low).toBeLessThanOrEqual(truth);
      expect(rate.high).toBeGreaterThanOrEqual(truth);
    },
  );
});

describe("the noise rate of a network that learned too little", () => {
  const chance = { unknown: "near chance", atMost: 0.8 } as const;
  const late = { joint: 0.75, agreement: 0.6, disagreement: 0.76, drop: 0.01, chance: better };
  const evidence = { late, informative: { joint: 0.75, disagreement: 0.76 }, margins: 0, heldOut: null, samples: 1000 };
  const unknown = { estimate: 0, low: 0, high: 0.8, method: "near chance" };

  it("is unknown where its predictions are near chance", () => {
    expect(estimateNoiseRate({ ...evidence, late: { ...late, chance } })).toEqual(unknown);
  });

  it("is unknown where it memorized labels, and is near chance on samples held out", () => {
    const memorized = { ...evidence, late: { ...late, disagreement: 0.01 } };
    expect(estimateNoiseRate({ ...memorized, heldOut: heldOutOf({ chance }) })).toEqual(unknown);
  });

  it("is by the late predictions where only the samples held out early are near chance", () => {
    const heldOut = heldOutOf({ chance, uniform: { rate: 0.7, low: 0.6, high: 0.8, gain: 50 } });
    expect(estimateNoiseRate({ ...evidence, heldOut })).toMatchObject({ method: "late joint" });
  });

  it("is by samples held out where only the late predictions are near chance", () => {
    const heldOut = heldOutOf({ most: 0.2, majority: 0.22 });
    const rate = estimateNoiseRate({ ...evidence, late: { ...late, chance }, heldOut });
    expect(rate).toMatchObject({ method: "held-out agreement", estimate: expect.closeTo(0.21) });
  });

  it("is unknown, up to the joint, where training ended while it was learning fast", () => {
    const learning = { ...evidence, late: { ...late, drop: 0.2 } };
    expect(estimateNoiseRate(learning)).toEqual({ estimate: 0, low: 0, high: 0.75, method: "still learning" });
    const heldOut = heldOutOf({ most: 0.45, majority: 0.5 });
    const rate = { estimate: 0, low: 0, high: 0.45, method: "held-out likelihood" };
    expect(estimateNoiseRate({ ...learning, heldOut })).toEqual(rate);
  });

  it("has the drop in disagreement from the last epoch but one, infinite after a single one", () => {
    const epoch = (...predicted: number[]) => Float32Array.from(predicted.flatMap((j) => [0.5, 0, j]));
    const labels = Int32Array.of(0, 1, 2);
    const epochs = [epoch(1, 0, 0), epoch(1, 0, 2), epoch(0, 1, 2)];
    expect(lastDrop(epochs, labels)).toBeCloseTo(2 / 4, 9);
    expect(lastDrop(epochs.slice(0, 1), labels)).toBe(Number.POSITIVE_INFINITY);
  });
});
