// Figures of selective prediction by every confidence score of a network.

import { nativeScore } from "../methods/index.js";
import {
  areaUnderGeneralizedRisk,
  areaUnderRiskCoverage,
  type Correctness,
  confidenceBy,
  correctness,
  coverageAtRisk,
  errorAtCoverage,
  excessAreaUnderRiskCoverage,
  failureAuroc,
  type OutputScore,
  type ScoreName,
  scoreNames,
} from "../metrics/index.js";
import type { ScoreFigures } from "../runs/files/run-summary.js";
import type { Evaluation } from "./evaluate.js";

/** The scores that one pass of a method's network gives, the method's first. */
export function outputScores(method: string): OutputScore[] {
  const native = nativeScore(method) as OutputScore;
  const others = scoreNames.filter(
    (name) => name !== native && !["abstention", "selection", "mc-dropout"].includes(name),
  );
  return [native, ...(others as OutputScore[])];
}

/** Error at coverage and AURC by each of some scores, from the confidence that each gives every sample. */
export function figuresByScore(
  { logits, labels }: Pick<Evaluation, "logits" | "labels">,
  confidences: ReadonlyMap<ScoreName, Float64Array>,
): Partial<Record<ScoreName, ScoreFigures>> {
  const correct = correctness(logits, labels);
  const figures = [...confidences].map(([score, confidence]) => [
    score,
    { errorAtCoverage: errorAtCoverage(confidence, correct), aurc: areaUnderRiskCoverage(confidence, correct) },
  ]);
  return Object.fromEntries(figures);
}

/** The confidence of every sample by each score that one pass gives, the method's first. */
export function confidences(
  method: string,
  { outputs, labels, logits }: Pick<Evaluation, "outputs" | "labels" | "logits">,
  temperature = 1,
): Map<ScoreName, Float64Array> {
  const [samples, classes] = [labels.length, logits.length / labels.length];
  return new Map(
    outputScores(method).map((score) => [score, confidenceBy(score, outputs, samples, classes, temperature)]),
  );
}

/** Figures of the ranking by one score. */
export interface RankingFigures extends ScoreFigures {
  readonly eAurc: number;
  readonly augrc: number;
  /** The largest coverage at which no more than this error was seen, by the error in percent; null if there is none. */
  readonly coverageAtRisk: Readonly<Record<string, number | null>>;
  /** Probability that a correct prediction is more confident than a wrong one; null if all or none are correct. */
  readonly failureAuroc: number | null;
}

/** Error rates in percent of `coverageAtRisk`. */
const reportedRisks: readonly number[] = [1, 2, 5];

/** confidence (n), correct (n). */
export function rankingFigures(confidence: Float64Array, correct: Correctness): RankingFigures {
  const coverages = reportedRisks.map(
    (risk) => [risk, coverageAtRisk(confidence, correct, risk / 100) || null] as const,
  );
  return {
    errorAtCoverage: errorAtCoverage(confidence, correct),
    aurc: areaUnderRiskCoverage(confidence, correct),
    eAurc: excessAreaUnderRiskCoverage(confidence, correct),
    augrc: areaUnderGeneralizedRisk(confidence, correct),
    coverageAtRisk: Object.fromEntries(coverages),
    failureAuroc: failureAuroc(confidence, correct),
  };
}
