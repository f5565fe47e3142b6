// How a network does when it may decline, by every score of confidence that it has.
import {
  areaUnderRiskCoverage,
  confidenceBy,
  correctness,
  errorAtCoverage,
  type OutputScore,
  type ScoreName,
  scoreNames,
} from "../metrics/index.js";
import type { Evaluation } from "./evaluate.js";
import { nativeScore } from "./outputs.js";
import type { Method } from "./recipe.js";
import type { ScoreFigures } from "./run-types.js";

/** The scores that one pass of a method's network gives, its own first. */
export function outputScores(method: Method): OutputScore[] {
  const own = nativeScore(method) as OutputScore;
  const others = scoreNames.filter((name) => name !== own && !["abstention", "selection", "mc-dropout"].includes(name));
  return [own, ...(others as OutputScore[])];
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

/** The confidence of every sample by each score that one pass gives, the method's own first. */
export function confidences(
  method: Method,
  { outputs, labels, logits }: Pick<Evaluation, "outputs" | "labels" | "logits">,
  temperature = 1,
): Map<ScoreName, Float64Array> {
  const [samples, classes] = [labels.length, logits.length / labels.length];
  return new Map(
    outputScores(method).map((score) => [score, confidenceBy(score, outputs, samples, classes, temperature)]),
  );
}
