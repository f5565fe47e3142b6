// Figures of merit: pure functions of arrays, which know nothing of networks or tensors.
export { accuracy, correctness, predictions } from "./accuracy.js";
export type { Correctness, Labels, Logits, Probabilities } from "./arrays.js";
export { binomialInterval } from "./binomial-interval.js";
export { binomialTailInversion } from "./binomial-tail.js";
export { type BootstrapOptions, bootstrapIntervals, type Interval } from "./bootstrap.js";
export { brierScore, brierScores } from "./brier.js";
export {
  equalMassCalibrationError,
  expectedCalibrationError,
  type ReliabilityBin,
  reliabilityBins,
} from "./calibration.js";
export { confusionMatrix, perClassAccuracy } from "./confusion.js";
export {
  coverageAtRisk,
  errorAtCoverage,
  type RiskCoveragePoint,
  riskCoverage,
  thresholdAtCoverage,
} from "./coverage.js";
export { alignment, type Embeddings, effectiveRank, embeddingDeviation, uniformity, unitRows } from "./embeddings.js";
export {
  type Answers,
  type Estimate,
  evaluationFigures,
  type FigureName,
  type FigureOptions,
  type Figures,
} from "./figures.js";
export { type GuaranteedRisk, guaranteedRisk, type RiskPromise } from "./guaranteed-risk.js";
export { normalisedMargin, selfConfidence } from "./label-quality.js";
export { negativeLogLikelihood, negativeLogLikelihoods } from "./negative-log-likelihood.js";
export {
  type ClassErrors,
  classErrors,
  confidentJoint,
  estimatedErrorShare,
  type Matrix,
  type NoiseMatrices,
  noiseMatrix,
} from "./noise-matrix.js";
export { areaUnderRoc, averagePrecision } from "./ranking.js";
export {
  areaUnderGeneralisedRisk,
  areaUnderRiskCoverage,
  excessAreaUnderRiskCoverage,
  failureAuroc,
} from "./risk-areas.js";
export { confidenceBy, type OutputScore, type ScoreName, scoreNames, softmaxResponse } from "./scores.js";
export { softmaxRows } from "./softmax.js";
export { fitTemperature, temperatureBounds } from "./temperature.js";
