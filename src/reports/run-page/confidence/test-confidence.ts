// What a run's test set says of when to decline: every answer, right or wrong, and the confidence in it by each score.
import { confidenceBy, correctness, type OutputScore, predictions, type ScoreName } from "../../../metrics/index.js";
import type { ReportInput } from "../../types.js";

/** How scores are called in print. */
export const SCORE_NAMES: Readonly<Record<ScoreName, string>> = {
  abstention: "abstention",
  selection: "selection",
  "softmax-response": "softmax response",
  "max-logit": "maximum logit",
  entropy: "entropy",
  energy: "energy",
  "mc-dropout": "MC dropout",
};

export interface Declining {
  readonly answers: Int32Array;
  readonly correct: ReturnType<typeof correctness>;
  /** The run's own score, or the one that it was calibrated by: the first of the confidences. */
  readonly own: OutputScore;
  /** Of every test sample, by each score that the outputs give. */
  readonly confidences: ReadonlyMap<OutputScore, Float64Array>;
  /** From which confidence on it answers; null where it was not calibrated by a score of its outputs. */
  readonly threshold: number | null;
}

/** What there is to say of declining; null without a test set, and for runs of versions that judged no scores. */
export function decliningOf({ test, summary, calibration = null }: ReportInput): Declining | null {
  const scores = Object.keys(summary.scores ?? {}) as ScoreName[];
  const ofOutputs = scores.filter((score) => score !== "mc-dropout");
  if (!test || test.labels.length === 0 || ofOutputs.length === 0) return null;
  const { outputs, logits, labels } = test;
  const [samples, classes] = [labels.length, logits.length / labels.length];
  const calibrated = ofOutputs.find((score) => score === calibration?.score);
  const own = calibrated ?? ofOutputs[0]!;
  const temperature = calibration?.temperature ?? 1;
  return {
    answers: predictions(logits, samples, classes),
    correct: correctness(logits, labels),
    own,
    confidences: new Map(
      [own, ...ofOutputs.filter((score) => score !== own)].map((score) => [
        score,
        confidenceBy(score, outputs, samples, classes, temperature),
      ]),
    ),
    threshold: calibrated === undefined ? null : (calibration?.threshold ?? null),
  };
}
