// All figures of an evaluation, each with how far it would move on other samples.
import { correctness } from "./accuracy.js";
import { checkConfidence, type Labels, type Logits } from "./arrays.js";
import { brierScores } from "./calibration/brier.js";
import { binsOfEqualMass, binsOfEqualWidth, binTotals, calibrationGap } from "./calibration/calibration-error.js";
import { negativeLogLikelihoods } from "./calibration/negative-log-likelihood.js";
import { type BootstrapOptions, bootstrapIntervals, type Interval } from "./intervals/bootstrap.js";
import { rocArea } from "./ranking.js";
import { excessRiskCoverageArea, generalisedRiskArea, riskCoverageArea } from "./selective/risk-areas.js";
import { countRisk, rankByConfidence, type Times } from "./selective/risk-counts.js";
import { errorAt, usualCoverages } from "./selective/risk-coverage.js";
import { confidenceBy } from "./selective/scores.js";

const BINS = 15;

const figureNames = [
  "accuracy",
  "nll",
  "brier",
  "ece",
  "eceEqualMass",
  "aurc",
  "eAurc",
  "augrc",
  "failureAuroc",
] as const;

export type FigureName = (typeof figureNames)[number];

/** What a network answered. */
export interface Answers {
  /** (n, columns), the classes first. */
  readonly outputs: Logits;
  /** (n) */
  readonly labels: Labels;
  readonly classes: number;
  /** What the samples are ranked by, (n); only its order counts. */
  readonly confidence: ArrayLike<number>;
  /** Of the probabilities. */
  readonly temperature?: number;
}

export interface Estimate {
  /** Null where the samples give none, as the failure AUROC of answers that are all right. */
  readonly value: number | null;
  /** Null without resamples, and without a value. */
  readonly interval: Interval | null;
}

export interface Figures extends Readonly<Record<FigureName, Estimate>> {
  /** By coverage, per cent. */
  readonly errorAtCoverage: Readonly<Record<string, Estimate>>;
}

export interface FigureOptions extends BootstrapOptions {
  /** Per cent of the samples. */
  readonly coverages?: readonly number[];
}

/**
 * Every figure of the answers with its bootstrap interval; `resamples: 0` leaves the intervals out.
 *
 * nll, brier and the calibration errors (15 bins) judge the softmax of the classes at the temperature; aurc, eAurc, augrc,
 * failureAuroc and errorAtCoverage judge the confidence. Each is what the function of its name gives, on the samples and
 * on every resample; the samples are ranked once for all.
 *
 * Throws a RangeError as these functions do.
 */
export function evaluationFigures(
  answers: Answers,
  { coverages = usualCoverages, resamples, ...options }: FigureOptions = {},
): Figures {
  const samples = answers.labels.length;
  const measure = measureOf(answers, coverages);
  const values = measure(new Uint32Array(samples).fill(1));
  const intervals =
    resamples === 0 ? [] : bootstrapIntervals(samples, measure, { resamples: resamples ?? 1000, ...options });
  const estimates = values.map((value, k): Estimate => {
    return Number.isNaN(value) ? { value: null, interval: null } : { value, interval: intervals[k] ?? null };
  });
  const named = figureNames.map((name, k) => [name, estimates[k]]);
  const errors = coverages.map((coverage, k) => [String(coverage), estimates[figureNames.length + k]]);
  return { ...Object.fromEntries(named), errorAtCoverage: Object.fromEntries(errors) };
}

/** The figures in the order of their names, then the errors at the coverages, of samples that count so many times. */
function measureOf(answers: Answers, coverages: readonly number[]): (times: Times) => number[] {
  const { outputs, labels, classes, confidence, temperature = 1 } = answers;
  const correct = correctness(outputs, labels, classes);
  checkConfidence(confidence, correct);
  const ranking = rankByConfidence(confidence);
  const likelihoods = negativeLogLikelihoods(outputs, labels, classes, temperature);
  const distances = brierScores(outputs, labels, classes, temperature);
  const calibration = calibrationOf(answers, correct);
  return (times) => {
    const counts = countRisk(ranking, correct, times);
    return [
      1 - counts.errors / counts.samples,
      weightedMean(likelihoods, times),
      weightedMean(distances, times),
      ...calibration(times),
      riskCoverageArea(counts),
      excessRiskCoverageArea(counts),
      generalisedRiskArea(counts),
      rocArea(counts),
      ...coverages.map((coverage) => errorAt(counts, coverage)),
    ];
  };
}

/** The calibration errors over bins of equal width and of equal mass. */
function calibrationOf({ outputs, labels, classes, temperature }: Answers, correct: Uint8Array) {
  const stated = confidenceBy("softmax-response", outputs, labels.length, classes, temperature);
  const widths = binsOfEqualWidth(stated, correct, BINS);
  const ranking = rankByConfidence(stated);
  return (times: Times) =>
    [widths, binsOfEqualMass(ranking, BINS, times)].map((members) =>
      calibrationGap(binTotals(stated, correct, members, BINS, times)),
    );
}

function weightedMean(values: Float64Array, times: Times): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += times[i]! * values[i]!;
    count += times[i]!;
  }
  return sum / count;
}
