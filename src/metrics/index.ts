// Metrics: pure functions of arrays, independent of networks and tensors.
export { accuracy, correctness, predictions } from "./accuracy.js";
export type { Correctness, Labels, Logits, Probabilities } from "./arrays.js";
export { brierScore, brierScores } from "./calibration/brier.js";
export {
  equalMassCalibrationError,
  expectedCalibrationError,
  type ReliabilityBin,
  reliabilityBins,
} from "./calibration/calibration-error.js";
export { negativeLogLikelihood, negativeLogLikelihoods } from "./calibration/negative-log-likelihood.js";
export { fitTemperature, temperatureBounds } from "./calibration/temperature.js";
export { inverseFactor } from "./cholesky.js";
export { confusionMatrix, perClassAccuracy } from "./confusion.js";
export { alignment, type Embeddings, effectiveRank, embeddingDeviation, uniformity, unitRows } from "./embeddings.js";
export {
  type Estimate,
  evaluationFigures,
  type FigureName,
  type FigureOptions,
  type Figures,
  type LabeledOutputs,
} from "./figures.js";
export { binomialInterval } from "./intervals/binomial-interval.js";
export { binomialTailInversion } from "./intervals/binomial-tail.js";
export { type BootstrapOptions, bootstrapIntervals, type Interval } from "./intervals/bootstrap.js";
export { hypergeometricTail } from "./intervals/hypergeometric-tail.js";
export { studentQuantile } from "./intervals/student-t.js";
export { normalizedMargin, selfConfidence } from "./labels/label-quality.js";
export {
  type ClassErrors,
  classErrors,
  confidentJoint,
  estimatedErrorRate,
  type Matrix,
  type NoiseMatrices,
  noiseMatrix,
} from "./labels/noise-matrix.js";
export { areaUnderRoc, averagePrecision } from "./ranking.js";
export { type AreaDifference, areaDifferences } from "./selective/area-differences.js";
export { type GuaranteedRisk, guaranteedRisk, type RiskLimit } from "./selective/guaranteed-risk.js";
export {
  areaUnderGeneralizedRisk,
  areaUnderRiskCoverage,
  excessAreaUnderRiskCoverage,
  failureAuroc,
} from "./selective/risk-areas.js";
export {
  coverageAtRisk,
  errorAtCoverage,
  type RiskCoveragePoint,
  riskCoverage,
  thresholdAtCoverage,
} from "./selective/risk-coverage.js";
export { confidenceBy, type OutputScore, type ScoreName, scoreNames, softmaxResponse } from "./selective/scores.js";
export { softmaxRows } from "./softmax.js";
export { type Spread, spreadOf, standardErrorOf } from "./spread.js";
