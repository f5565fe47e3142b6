import { describe, expect, it } from "vitest";
import { guaranteedRisk } from "../metrics/index.js";
import { operatingPoint } from "./operating-point.js";
import { findThreshold, NoGuaranteeError, parseTarget } from "./threshold.js";

/** A thousand samples, surer and surer, the least sure 200 wrong now and then. */
const samples = 1000;
const confidence = Float64Array.from({ length: samples }, (_, i) => i / samples);
const correct = Uint8Array.from({ length: samples }, (_, i) => (i < 200 && i % 2 === 0 ? 0 : 1));

describe("the target", () => {
  it("is one coverage, or one risk with 99.9% by default", () => {
    expect(parseTarget({ coverage: 1 })).toEqual({ coverage: 1 });
    expect(parseTarget({ risk: 0.01 })).toEqual({ risk: 0.01, confidence: 0.999 });
    expect(parseTarget({ risk: 0.01, confidence: 0.9 })).toEqual({ risk: 0.01, confidence: 0.9 });
  });

  it.each([
    [{}, "received neither; expected one of them"],
    [{ coverage: 0.9, risk: 0.1 }, "received both; expected one of them"],
    [{ coverage: 0 }, "`coverage`: received 0; expected a fraction above 0 and at most 1"],
    [{ coverage: 1.2 }, "`coverage`: received 1.2; expected a fraction above 0 and at most 1"],
    [{ coverage: 90 }, "did you mean 0.9?"],
    [{ coverage: Number.NaN }, "`coverage`: received NaN"],
    [{ risk: 0 }, "`risk`: received 0; expected a fraction above 0 and below 1"],
    [{ risk: 1 }, "`risk`: received 1"],
    [{ risk: 0.1, confidence: 1 }, "`confidence`: received 1; expected a fraction above 0 and below 1"],
    [{ risk: 0.1, confidence: 99.9 }, "did you mean 0.999?"],
    [{ coverage: 0.9, confidence: 0.9 }, "use it with `risk`"],
  ])("is refused: %o", (options, saying) => {
    expect(() => parseTarget(options)).toThrow(saying);
  });
});

describe("the threshold", () => {
  it.each([0.001, 0.07, 0.29, 0.57, 0.9, 1])("for a coverage of %f accepts exactly that fraction", (coverage) => {
    const { threshold, riskBound } = findThreshold({ coverage }, confidence, correct);
    expect(operatingPoint(confidence, correct, threshold).coverage).toBe(coverage);
    expect(riskBound).toBeNull();
  });

  it("for a risk is that of the guarantee, which stays within the risk", () => {
    const found = findThreshold({ risk: 0.05, confidence: 0.99 }, confidence, correct);
    const expected = guaranteedRisk(confidence, correct, { risk: 0.05, delta: 0.01 });
    expect(found).toEqual({ threshold: expected?.threshold, riskBound: expected?.bound });
    expect(found.riskBound).toBeLessThanOrEqual(0.05);
  });

  it("that cannot guarantee the risk is refused, with the smallest risk that can be guaranteed and what would help", () => {
    const few = [confidence.subarray(-40), correct.subarray(-40)] as const;
    const refusal =
      /at most 1.0% with probability 99.9% by these 40 samples: the smallest error that can be guaranteed is ([\d.]+)%/;
    let message = "";
    try {
      findThreshold({ risk: 0.01, confidence: 0.999 }, ...few);
    } catch (error) {
      expect(error).toBeInstanceOf(NoGuaranteeError);
      ({ message } = error as Error);
    }
    expect(message).toContain("more held-out data");
    const least = Number(refusal.exec(message)?.[1]) / 100;
    expect(findThreshold({ risk: least, confidence: 0.999 }, ...few).riskBound).toBeLessThanOrEqual(least);
    expect(() => findThreshold({ risk: least - 0.002, confidence: 0.999 }, ...few)).toThrow(NoGuaranteeError);
  });

  it("of predictions that are all wrong guarantees nothing", () => {
    const wrong = new Uint8Array(samples);
    expect(() => findThreshold({ risk: 0.5, confidence: 0.9 }, confidence, wrong)).toThrow("no prediction is correct");
    const one = [Float64Array.of(0.9), Uint8Array.of(1)] as const;
    expect(() => findThreshold({ risk: 0.5, confidence: 0.9 }, ...one)).toThrow("the samples are too few");
  });
});
