// All figures of a run's predictions: accuracy, calibration, the ranking by a score, and a threshold.
import { type Estimate, evaluationFigures, type Figures, type Interval, type ScoreName } from "../metrics/index.js";
import type { Calibration } from "../runs/files/calibration.js";
import { type OperatingPoint, operatingPoint } from "./operating-point.js";
import type { ConfidenceOptions, RunPredictions } from "./predictions.js";
import type { RequestedScores } from "./requested-score.js";
import { type RankingFigures, rankingFigures } from "./selective-figures.js";
import { type SuggestedScore, suggestedScore } from "./suggested-score.js";

type Bounds = Interval | null;

/** The figures that have an interval, by the names of `RunFigures`. */
const intervalFigures = {
  testAccuracy: "accuracy",
  testLoss: "nll",
  brier: "brier",
  ece: "ece",
  eceEqualMass: "eceEqualMass",
  aurc: "aurc",
  eAurc: "eAurc",
  augrc: "augrc",
  failureAuroc: "failureAuroc",
} as const;

export interface FigureIntervals extends Readonly<Record<keyof typeof intervalFigures, Bounds>> {
  readonly errorAtCoverage: Readonly<Record<string, Bounds>>;
}

export interface RunFigures extends RankingFigures {
  readonly testAccuracy: number;
  /** Cross entropy; all figures use the temperature of the calibration. */
  readonly testLoss: number;
  /** Calibration errors over 15 bins of the softmax response, for any score, because only probabilities can be calibrated. */
  readonly ece: number;
  readonly eceEqualMass: number;
  readonly brier: number;
  /** The score that ranks the samples for coverage and risk. */
  readonly score: ScoreName;
  /** Of the calibration, 1 without. */
  readonly temperature: number;
  readonly samples: number;
  /** 95% bootstrap intervals; null for figures without a value. */
  readonly intervals: FigureIntervals;
  /** By every score, if all were requested. */
  readonly scores: Readonly<Partial<Record<ScoreName, RankingFigures>>> | null;
  /** The score to use, if all were requested. */
  readonly suggestedScore: SuggestedScore | null;
}

/** The figures of a run's predictions. The seed is that of MC dropout and of the bootstrap. */
export async function runFigures(
  predictions: RunPredictions,
  { score, all }: RequestedScores,
  options: ConfidenceOptions,
): Promise<RunFigures> {
  const { temperature, seed } = options;
  const byScore = new Map<ScoreName, Float64Array>();
  for (const name of new Set([score, ...all])) byScore.set(name, await predictions.confidence(name, options));
  const confidence = byScore.get(score) as Float64Array;
  const figures = evaluationFigures({ ...predictions, confidence, temperature }, { seed });
  const known = ({ value }: Estimate) => value as number;
  return {
    testAccuracy: predictions.accuracy,
    testLoss: known(figures.nll),
    ...rankingFigures(confidence, predictions.correct),
    ece: known(figures.ece),
    eceEqualMass: known(figures.eceEqualMass),
    brier: known(figures.brier),
    score,
    temperature,
    samples: predictions.labels.length,
    intervals: intervalsOf(figures),
    scores: all.length === 0 ? null : rankingsOf(byScore, predictions),
    suggestedScore: all.length === 0 ? null : suggestedScore(score, byScore, predictions.correct, seed),
  };
}

function intervalsOf(figures: Figures): FigureIntervals {
  const named = Object.entries(intervalFigures).map(([name, figure]) => [name, figures[figure].interval]);
  const errors = Object.entries(figures.errorAtCoverage).map(([coverage, { interval }]) => [coverage, interval]);
  return { ...Object.fromEntries(named), errorAtCoverage: Object.fromEntries(errors) };
}

function rankingsOf(byScore: ReadonlyMap<ScoreName, Float64Array>, { correct }: RunPredictions): RunFigures["scores"] {
  return Object.fromEntries([...byScore].map(([name, confidence]) => [name, rankingFigures(confidence, correct)]));
}

/** The calibrated threshold on these samples. */
export interface CalibratedPoint extends OperatingPoint {
  readonly score: ScoreName;
}

export async function calibratedPoint(
  predictions: RunPredictions,
  { score, temperature, threshold, passes }: Calibration,
  seed: number,
): Promise<CalibratedPoint> {
  const confidence = await predictions.confidence(score, { temperature, passes: passes ?? 1, seed });
  return { score, ...operatingPoint(confidence, predictions.correct, threshold) };
}
