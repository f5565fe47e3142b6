import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { binomialTailInversion, guaranteedRisk, riskCoverage } from "../index.js";

/**
 * Confidences uniform on [0, 1), on a grid where there is one, and predictions wrong with probability `error * (1 - u)^power`, u
 * being the confidence before the grid. So the true risk from a threshold t, on the grid, is error (1 - t)^power / (power + 1).
 */
interface Population {
  readonly samples: number;
  readonly error: number;
  readonly power: number;
  readonly grid?: number;
  readonly target: number;
}

const trueRisk = ({ error, power }: Population, threshold: number) => (error * (1 - threshold) ** power) / (power + 1);

function draw({ samples, error, power, grid }: Population, seed: number) {
  const random = xoroshiro128plus(seed);
  const exact = Float64Array.from({ length: samples }, () => uniformFloat64(random));
  const correct = Array.from(exact, (u) => uniformFloat64(random) >= error * (1 - u) ** power);
  return { confidence: grid === undefined ? exact : exact.map((u) => Math.floor(u * grid) / grid), correct };
}

const populations: Population[] = [
  { samples: 150, error: 0.6, power: 2, target: 0.1 },
  { samples: 400, error: 0.5, power: 1, target: 0.1 },
  { samples: 1000, error: 0.2, power: 1, target: 0.05 },
  { samples: 500, error: 0.4, power: 3, grid: 16, target: 0.05 },
  // The confidence is uninformative: no threshold keeps the guarantee.
  { samples: 300, error: 0.1, power: 0, target: 0.095 },
];

/** The threshold of largest coverage whose risk on the samples themselves is at most the target. */
function naiveThreshold(confidence: ArrayLike<number>, correct: boolean[], target: number): number {
  return riskCoverage(confidence, correct).findLast(({ risk }) => risk <= target)?.confidence ?? 1;
}

describe("the guaranteed risk", () => {
  it.each(populations)(
    "violates its guarantee in no more of 1,000 draws than delta allows: $samples of error $error",
    (population) => {
      const [draws, delta, target] = [1000, 0.1, population.target];
      const violations = { guaranteed: 0, naive: 0 };
      for (let seed = 1; seed <= draws; seed++) {
        const { confidence, correct } = draw(population, seed);
        const result = guaranteedRisk(confidence, correct, { risk: target, delta });
        if (result !== null && trueRisk(population, result.threshold) > result.bound) violations.guaranteed += 1;
        if (trueRisk(population, naiveThreshold(confidence, correct, target)) > target) violations.naive += 1;
      }
      expect(violations.guaranteed).toBeLessThanOrEqual(delta * draws);
      // The draws are informative: a threshold chosen by the observed risk must not pass.
      expect(violations.naive).toBeGreaterThan(delta * draws);
    },
  );

  it("describes the samples at or above its threshold, whose bound is by a step's part of delta", () => {
    for (const population of populations.slice(0, 4)) {
      const { samples, target } = population;
      const { confidence, correct } = draw({ ...population, samples: 6 * samples }, 7);
      const result = guaranteedRisk(confidence, correct, { risk: target, delta: 0.05 })!;
      const chosen = correct.filter((_, i) => confidence[i]! >= result.threshold);
      const wrong = chosen.filter((one) => !one).length;
      expect(result.coverage).toBe(chosen.length / correct.length);
      expect(result.risk).toBe(wrong / chosen.length);
      const stepDelta = 0.05 / Math.ceil(Math.log2(6 * samples));
      expect(result.bound).toBe(binomialTailInversion(wrong, chosen.length, stepDelta));
      expect(result.bound).toBeLessThanOrEqual(target);
    }
  });

  it("has the largest coverage of all thresholds that pass, where the bound rises with the coverage", () => {
    const confidence = Array.from({ length: 600 }, (_, i) => 600 - i);
    const correct = confidence.map((_, i) => i < 300 || i % 4 !== 0);
    const stepDelta = 0.05 / Math.ceil(Math.log2(600));
    const bound = (covered: number) =>
      binomialTailInversion(correct.slice(0, covered).filter((one) => !one).length, covered, stepDelta);
    for (const risk of [0.03, 0.05, 0.1, 0.16, 0.2]) {
      const most = confidence.findLastIndex((_, i) => bound(i + 1) <= risk) + 1;
      const least = confidence.findIndex((_, i) => i >= 299 && bound(i + 1) > risk);
      const result = guaranteedRisk(confidence, correct, { risk, delta: 0.05 })!;
      expect(Math.round(result.coverage * 600)).toBeLessThanOrEqual(most);
      expect(Math.round(result.coverage * 600)).toBeGreaterThanOrEqual(least < 0 ? 600 : least);
    }
  });

  it("can guarantee full coverage, and is null where nothing can be guaranteed", () => {
    const confidence = Array.from({ length: 100 }, (_, i) => i);
    const allCorrect = confidence.map(() => true);
    expect(guaranteedRisk(confidence, allCorrect, { risk: 0.2, delta: 0.01 })).toMatchObject({
      threshold: 0,
      coverage: 1,
      risk: 0,
    });
    expect(guaranteedRisk(confidence, allCorrect, { risk: 0.01, delta: 0.01 })).toBeNull();
    expect(
      guaranteedRisk(
        confidence,
        allCorrect.map((_, i) => i % 2 === 0),
        { risk: 0.2, delta: 0.01 },
      ),
    ).toBeNull();
    expect(guaranteedRisk([1], [1], { risk: 0.5, delta: 0.1 })).toBeNull();
  });

  it("takes equal confidences together", () => {
    const confidence = Array.from({ length: 200 }, (_, i) => (i < 100 ? 0.9 : 0.5));
    const result = guaranteedRisk(
      confidence,
      confidence.map((value, i) => value > 0.5 || i % 2 === 0),
      { risk: 0.1, delta: 0.1 },
    );
    expect(result).toMatchObject({ threshold: 0.9, coverage: 0.5, risk: 0 });
  });

  it("refuses a risk and a delta that are no fraction", () => {
    expect(() => guaranteedRisk([1], [1], { risk: 0, delta: 0.1 })).toThrow(
      "`risk`: received 0; expected a number above 0",
    );
    expect(() => guaranteedRisk([1, 2], [1, 1], { risk: 0.1, delta: 1 })).toThrow(
      "`delta`: received 1; expected a number above 0",
    );
    expect(() => guaranteedRisk([Number.NaN], [1], { risk: 0.1, delta: 0.1 })).toThrow("confidence 0 is NaN");
  });
});
