// All metrics of an evaluation, each with its bootstrap interval.
import { correctness } from "./accuracy.js";
import { checkConfidence, type Labels, type Logits } from "./arrays.js";
import { brierScores } from "./calibration/brier.js";
import { binsOfEqualMass, binsOfEqualWidth, binTotals, calibrationGap } from "./calibration/calibration-error.js";
import { negativeLogLikelihoods } from "./calibration/negative-log-likelihood.js";
import { binomialInterval } from "./intervals/binomial-interval.js";
import { type BootstrapOptions, bootstrapIntervals, type Interval } from "./intervals/bootstrap.js";
import { rocArea } from "./ranking.js";
import { excessRiskCoverageArea, generalizedRiskArea, riskCoverageArea } from "./selective/risk-areas.js";
import { countRisk, rankByConfidence, samplesAtCoverage, type Times } from "./selective/risk-counts.js";
import { defaultCoverages, errorAt } from "./selective/risk-coverage.js";
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

/** Those that resampling raises. */
const biased: ReadonlySet<number> = new Set([figureNames.indexOf("ece"), figureNames.indexOf("eceEqualMass")]);

export type FigureName = (typeof figureNames)[number];

/** A network's outputs for labeled samples. */
export interface LabeledOutputs {
  /** (n, columns), the classes first. */
  readonly outputs: Logits;
  /** (n) */
  readonly labels: Labels;
  readonly classes: number;
  /** Samples are ranked by it, (n); only its order matters. */
  readonly confidence: ArrayLike<number>;
  /** Divides the logits before the softmax (default: 1). */
  readonly temperature?: number;
}

export interface Estimate {
  /** Null where it is undefined, such as the failure AUROC when all predictions are correct. */
  readonly value: number | null;
  /** Null without resamples, without a value, for calibration errors, and for what is the same on all resamples and is no proportion. */
  readonly interval: Interval | null;
}

export interface Figures extends Readonly<Record<FigureName, Estimate>> {
  /** Keyed by coverage in percent. */
  readonly errorAtCoverage: Readonly<Record<string, Estimate>>;
}

export interface FigureOptions extends BootstrapOptions {
  /** Percent of the samples. */
  readonly coverages?: readonly number[];
}

/**
 * Every metric of the outputs with its bootstrap interval; `resamples: 0` leaves the intervals out.
 *
 * nll, brier and the calibration errors (15 bins) are of the softmax of the classes at the temperature; aurc, eAurc, augrc,
 * failureAuroc and errorAtCoverage are of the confidence. Each equals the function of its name, on the samples and on every
 * resample.
 *
 * A proportion that is the same on all resamples, as an accuracy without errors, has the exact interval (`binomialInterval`). Calibration errors have
 * none: they are larger on resamples, which repeat samples, than on new ones.
 *
 * @throws RangeError as these functions do.
 */
export function evaluationFigures(
  labeled: LabeledOutputs,
  { coverages = defaultCoverages, resamples, ...options }: FigureOptions = {},
): Figures {
  const samples = labeled.labels.length;
  const measure = measureOf(labeled, coverages);
  const values = measure(new Uint32Array(samples).fill(1));
  const intervals =
    resamples === 0 ? [] : bootstrapIntervals(samples, measure, { resamples: resamples ?? 1000, ...options });
  const counts = [samples, ...coverages.map((coverage) => samplesAtCoverage(coverage, samples))];
  const proportions = [figureNames.indexOf("accuracy"), ...coverages.map((_, k) => figureNames.length + k)];
  const estimates = values.map((value, k): Estimate => {
    if (Number.isNaN(value)) return { value: null, interval: null };
    const interval = intervals[k] ?? null;
    if (interval === null || biased.has(k)) return { value, interval: null };
    if (interval[0] < interval[1]) return { value, interval };
    const of = counts[proportions.indexOf(k)];
    return { value, interval: of === undefined ? null : binomialInterval(Math.round(value * of), of, options.level) };
  });
  const named = figureNames.map((name, k) => [name, estimates[k]]);
  const errors = coverages.map((coverage, k) => [String(coverage), estimates[figureNames.length + k]]);
  return { ...Object.fromEntries(named), errorAtCoverage: Object.fromEntries(errors) };
}

/** The metrics in the order of their names, then the errors at the coverages, each sample weighted by `times`. */
function measureOf(labeled: LabeledOutputs, coverages: readonly number[]): (times: Times) => number[] {
  const { outputs, labels, classes, confidence, temperature = 1 } = labeled;
  const correct = correctness(outputs, labels, classes);
  checkConfidence(confidence, correct);
  const ranking = rankByConfidence(confidence);
  const likelihoods = negativeLogLikelihoods(outputs, labels, classes, temperature);
  const distances = brierScores(outputs, labels, classes, temperature);
  const calibration = calibrationOf(labeled, correct);
  return (times) => {
    const counts = countRisk(ranking, correct, times);
    return [
      1 - counts.errors / counts.samples,
      weightedMean(likelihoods, times),
      weightedMean(distances, times),
      ...calibration(times),
      riskCoverageArea(counts),
      excessRiskCoverageArea(counts),
      generalizedRiskArea(counts),
      rocArea(counts),
      ...coverages.map((coverage) => errorAt(counts, coverage)),
    ];
  };
}

/** The calibration errors over bins of equal width and of equal mass. */
function calibrationOf({ outputs, labels, classes, temperature }: LabeledOutputs, correct: Uint8Array) {
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
