import { describe, expect, it } from "vitest";
import { binomialTailInversion } from "../index.js";

/** log of the chance of no more than so many errors, every binomial probability from sums of logarithms. */
function logChance(errors: number, samples: number, risk: number): number {
  const logFactorial = new Float64Array(samples + 1);
  for (let j = 1; j <= samples; j++) logFactorial[j] = logFactorial[j - 1]! + Math.log(j);
  const terms = Array.from({ length: errors + 1 }, (_, j) => {
    const ways = logFactorial[samples]! - logFactorial[j]! - logFactorial[samples - j]!;
    return ways + j * Math.log(risk) + (samples - j) * Math.log1p(-risk);
  });
  const highest = terms.reduce((most, term) => Math.max(most, term), -Infinity);
  return highest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - highest), 0));
}

describe("the binomial tail inversion", () => {
  it("is the risk at which the plain sum of binomial probabilities is delta", () => {
    for (const samples of [2, 17, 100, 1000, 10_000]) {
      for (const fraction of [0, 0.001, 0.01, 0.1, 0.5, 0.97]) {
        const errors = Math.floor(fraction * samples);
        for (const delta of [0.9, 0.5, 0.05, 0.001 / 14, 1e-12]) {
          const risk = binomialTailInversion(errors, samples, delta);
          const name = `${errors} of ${samples} at ${delta}`;
          expect(logChance(errors, samples, risk * (1 - 1e-9)), name).toBeGreaterThan(Math.log(delta));
          const above = risk * (1 + 1e-9);
          if (above < 1) expect(logChance(errors, samples, above), name).toBeLessThan(Math.log(delta));
        }
      }
    }
  });

  it("is SciPy's beta quantile, scipy.stats.beta.isf(delta, errors + 1, samples - errors)", () => {
    const expected = [
      [3, 100, 0.05, 0.07571079374983006],
      [0, 500, 0.001, 0.013720514368789528],
      [47, 5000, 0.001 / 13, 0.015701525183006375],
      [499, 1000, 0.5, 0.4995001666999381],
      [12, 10_000, 1e-6, 0.00377250518506805],
      [9990, 10_000, 0.01, 0.9995868794750639],
    ] as const;
    for (const [errors, samples, delta, risk] of expected) {
      expect(Math.abs(binomialTailInversion(errors, samples, delta) / risk - 1)).toBeLessThan(1e-12);
    }
  });

  it("is 1 - delta^(1/n) without errors, and 1 where all are wrong", () => {
    expect(binomialTailInversion(0, 300, 0.05)).toBeCloseTo(1 - 0.05 ** (1 / 300), 14);
    expect(binomialTailInversion(7, 7, 0.05)).toBe(1);
  });

  it("rises with the errors and with the confidence, and falls with the samples", () => {
    const bound = binomialTailInversion(5, 200, 0.05);
    expect(binomialTailInversion(6, 200, 0.05)).toBeGreaterThan(bound);
    expect(binomialTailInversion(5, 200, 0.01)).toBeGreaterThan(bound);
    expect(binomialTailInversion(5, 201, 0.05)).toBeLessThan(bound);
  });

  it("refuses what is no count and no probability", () => {
    expect(() => binomialTailInversion(0, 0, 0.1)).toThrow("0 samples: expected one or more");
    expect(() => binomialTailInversion(3, 2, 0.1)).toThrow(
      "3 errors of 2 samples: expected a whole number from 0 to 2",
    );
    expect(() => binomialTailInversion(1, 2, 1)).toThrow("`delta`: received 1; expected a number above 0 and below 1");
  });
});
