// All figures of a run's answers: of the answers, of the probabilities, of the ranking by a score, and of a threshold.
import {
  brierScore,
  confidenceBy,
  equalMassCalibrationError,
  expectedCalibrationError,
  negativeLogLikelihood,
  type ScoreName,
} from "../metrics/index.js";
import type { AskedScores } from "./asked-score.js";
import type { Calibration } from "./calibration.js";
import { type OperatingPoint, operatingPoint } from "./operating-point.js";
import type { ConfidenceOptions, RunAnswers } from "./run-answers.js";
import { type RankingFigures, rankingFigures } from "./selective-figures.js";

export interface RunFigures extends RankingFigures {
  readonly testAccuracy: number;
  /** Cross entropy, as everything here by the calibration's temperature. */
  readonly testLoss: number;
  /** Calibration errors over 15 bins of the softmax response, whatever the score: only a probability can be held to its word. */
  readonly ece: number;
  readonly eceEqualMass: number;
  readonly brier: number;
  /** What ranks the samples in the figures of coverage and risk. */
  readonly score: ScoreName;
  /** Of the calibration, 1 without. */
  readonly temperature: number;
  readonly samples: number;
  /** By every score, where all were asked for. */
  readonly scores: Readonly<Partial<Record<ScoreName, RankingFigures>>> | null;
}

export async function runFigures(
  answers: RunAnswers,
  { score, all }: AskedScores,
  options: ConfidenceOptions,
): Promise<RunFigures> {
  const { outputs, logits, labels, classes, correct, accuracy } = answers;
  const { temperature } = options;
  const probability = confidenceBy("softmax-response", outputs, labels.length, classes, temperature);
  const byScore = new Map<ScoreName, RankingFigures>();
  for (const name of new Set([score, ...all])) {
    byScore.set(name, rankingFigures(await answers.confidence(name, options), correct));
  }
  return {
    testAccuracy: accuracy,
    testLoss: negativeLogLikelihood(logits, labels, classes, temperature),
    ...(byScore.get(score) as RankingFigures),
    ece: expectedCalibrationError(probability, correct),
    eceEqualMass: equalMassCalibrationError(probability, correct),
    brier: brierScore(logits, labels, classes, temperature),
    score,
    temperature,
    samples: labels.length,
    scores: all.length === 0 ? null : Object.fromEntries(byScore),
  };
}

/** The calibrated threshold on these samples. */
export interface CalibratedPoint extends OperatingPoint {
  readonly score: ScoreName;
}

export async function calibratedPoint(
  answers: RunAnswers,
  { score, temperature, threshold, passes }: Calibration,
  seed: number,
): Promise<CalibratedPoint> {
  const confidence = await answers.confidence(score, { temperature, passes: passes ?? 1, seed });
  return { score, ...operatingPoint(confidence, answers.correct, threshold) };
}
