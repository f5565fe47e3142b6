// Predictions on the test set and their confidence by each score: the data of the selective-prediction figures.
import { confidenceBy, correctness, type OutputScore, predictions, type ScoreName } from "../../../metrics/index.js";
import type { ReportInput } from "../../types.js";

/** Display names of the scores. */
export const SCORE_NAMES: Readonly<Record<ScoreName, string>> = {
  abstention: "abstention",
  selection: "selection",
  "softmax-response": "softmax response",
  "max-logit": "maximum logit",
  entropy: "entropy",
  energy: "energy",
  "mc-dropout": "MC dropout",
};

export interface Abstention {
  readonly predictions: Int32Array;
  readonly correct: ReturnType<typeof correctness>;
  /** The score of the calibration, or the method's: the first of the confidences. */
  readonly score: OutputScore;
  /** Confidence of every test sample by each score of the outputs. */
  readonly confidences: ReadonlyMap<OutputScore, Float64Array>;
  /** Predictions of at least this confidence are accepted; null when the run is not calibrated by a score of its outputs. */
  readonly threshold: number | null;
}

/** Null without a test set, and for runs without scores. */
export function abstentionOf({ test, summary, calibration = null }: ReportInput): Abstention | null {
  const scores = Object.keys(summary.scores ?? {}) as ScoreName[];
  const ofOutputs = scores.filter((score) => score !== "mc-dropout");
  if (!test || test.labels.length === 0 || ofOutputs.length === 0) return null;
  const { outputs, logits, labels } = test;
  const [samples, classes] = [labels.length, logits.length / labels.length];
  const calibrated = ofOutputs.find((score) => score === calibration?.score);
  const score = calibrated ?? ofOutputs[0]!;
  const temperature = calibration?.temperature ?? 1;
  return {
    predictions: predictions(logits, samples, classes),
    correct: correctness(logits, labels),
    score,
    confidences: new Map(
      [score, ...ofOutputs.filter((other) => other !== score)].map((name) => [
        name,
        confidenceBy(name, outputs, samples, classes, temperature),
      ]),
    ),
    threshold: calibrated === undefined ? null : (calibration?.threshold ?? null),
  };
}
