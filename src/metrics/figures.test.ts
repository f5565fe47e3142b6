import { describe, expect, it } from "vitest";
import {
  accuracy,
  areaUnderGeneralizedRisk,
  areaUnderRiskCoverage,
  bootstrapIntervals,
  brierScore,
  confidenceBy,
  correctness,
  equalMassCalibrationError,
  errorAtCoverage,
  evaluationFigures,
  excessAreaUnderRiskCoverage,
  expectedCalibrationError,
  failureAuroc,
  negativeLogLikelihood,
} from "./index.js";

// 120 samples of 3 classes and an abstain column, every fifth a copy of the one before: ties.
const [samples, columns, classes, temperature] = [120, 4, 3, 1.7];
const rowOf = (i: number) => (i % 5 === 4 ? i - 1 : i);
const outputs = Float32Array.from({ length: samples * columns }, (_, k) => {
  const [i, j] = [rowOf(Math.floor(k / columns)), k % columns];
  return 3 * Math.sin((i + 1) * (i + 2) + j * j);
});
const labels = Array.from({ length: samples }, (_, i) => (i % 3 === 0 ? i : Math.floor(i / 3)) % classes);

/** Every figure by the function of its name, of the samples at these positions. */
function figuresAt(positions: readonly number[]): Record<string, number | null> {
  const rows = Float32Array.from(positions.flatMap((i) => [...outputs.subarray(i * columns, (i + 1) * columns)]));
  const given = positions.map((i) => labels[i]!);
  const confidence = confidenceBy("abstention", rows, given.length, classes);
  const stated = confidenceBy("softmax-response", rows, given.length, classes, temperature);
  const correct = correctness(rows, given, classes);
  return {
    accuracy: accuracy(rows, given, classes),
    nll: negativeLogLikelihood(rows, given, classes, temperature),
    brier: brierScore(rows, given, classes, temperature),
    ece: expectedCalibrationError(stated, correct),
    eceEqualMass: equalMassCalibrationError(stated, correct),
    aurc: areaUnderRiskCoverage(confidence, correct),
    eAurc: excessAreaUnderRiskCoverage(confidence, correct),
    augrc: areaUnderGeneralizedRisk(confidence, correct),
    failureAuroc: failureAuroc(confidence, correct),
    ...errorAtCoverage(confidence, correct, [100, 80, 33.3]),
  };
}

const everyone = Array.from({ length: samples }, (_, i) => i);
const confidence = confidenceBy("abstention", outputs, samples, classes);
const labeled = { outputs, labels, classes, confidence, temperature };
const options = { coverages: [100, 80, 33.3], resamples: 60, seed: 9 };

describe("the figures of an evaluation", () => {
  it("are those of the functions of their names", () => {
    const { errorAtCoverage: errors, ...figures } = evaluationFigures(labeled, options);
    const expected = figuresAt(everyone);
    const measured = { ...figures, ...errors };
    expect(Object.keys(measured).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, { value }] of Object.entries(measured)) expect(value, name).toBeCloseTo(expected[name]!, 12);
  });

  it("have the intervals that measuring every resample afresh gives", () => {
    const names = Object.keys(figuresAt(everyone));
    const afresh = bootstrapIntervals(
      samples,
      (times) => {
        const drawn = figuresAt(everyone.flatMap((i) => new Array<number>(times[i]!).fill(i)));
        return names.map((name) => drawn[name] ?? Number.NaN);
      },
      options,
    );
    const { errorAtCoverage: errors, ...figures } = evaluationFigures(labeled, options);
    const measured = { ...figures, ...errors } as Record<string, { interval: readonly [number, number] | null }>;
    names.forEach((name, k) => {
      // Resampling raises calibration errors.
      if (name.startsWith("ece")) {
        expect(measured[name]!.interval).toBeNull();
        return;
      }
      expect(measured[name]!.interval![0], name).toBeCloseTo(afresh[k]![0], 12);
      expect(measured[name]!.interval![1], name).toBeCloseTo(afresh[k]![1], 12);
      expect(afresh[k]![1]).toBeGreaterThan(afresh[k]![0]);
    });
  });

  it("have the exact interval of a proportion where all resamples are the same, and none for what is no proportion", () => {
    const right = { outputs: Float32Array.of(...Array(30).fill([3, 0]).flat()), labels: Array(30).fill(0), classes: 2 };
    const figures = evaluationFigures(
      { ...right, confidence: Array.from(Array(30).keys()) },
      { resamples: 20, coverages: [50] },
    );
    expect(figures.accuracy).toEqual({ value: 1, interval: [expect.closeTo(0.8843, 4), 1] });
    expect(figures.errorAtCoverage["50"]).toEqual({ value: 0, interval: [0, expect.closeTo(0.218, 3)] });
    expect(figures.aurc).toEqual({ value: 0, interval: null });
    const one = evaluationFigures({ outputs: Float32Array.of(3, 0), labels: [0], classes: 2, confidence: [1] });
    expect([one.nll.interval, one.accuracy.interval]).toEqual([null, [expect.closeTo(0.025, 6), 1]]);
  });

  it("come without intervals where no resamples are requested, and null where there is no value", () => {
    const allCorrect = { outputs: Float32Array.of(3, 0, 0, 2), labels: [0, 1], classes: 2, confidence: [3, 2] };
    const figures = evaluationFigures(allCorrect, { resamples: 0 });
    expect(figures.accuracy).toEqual({ value: 1, interval: null });
    expect(evaluationFigures(allCorrect, { resamples: 5 }).failureAuroc).toEqual({ value: null, interval: null });
  });

  it("refuse confidences that are no number or not one a sample", () => {
    expect(() => evaluationFigures({ ...labeled, confidence: [1] })).toThrow("1 confidences for 120 outcomes");
    expect(() => evaluationFigures({ ...labeled, confidence: confidence.with(2, Number.NaN) })).toThrow(
      "confidence 2 is NaN",
    );
  });
});
