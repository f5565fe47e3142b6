// Figures of merit: pure functions of arrays, which know nothing of networks or tensors.
export { accuracy, correctness, predictions } from "./accuracy.js";
export type { Correctness, Labels, Logits, Probabilities } from "./arrays.js";
export { expectedCalibrationError, type ReliabilityBin, reliabilityBins } from "./calibration.js";
export { confusionMatrix, perClassAccuracy } from "./confusion.js";
export { areaUnderRiskCoverage, errorAtCoverage, type RiskCoveragePoint, riskCoverage } from "./coverage.js";
export { alignment, type Embeddings, effectiveRank, embeddingDeviation, uniformity, unitRows } from "./embeddings.js";
export { normalisedMargin, selfConfidence } from "./label-quality.js";
export { negativeLogLikelihood } from "./negative-log-likelihood.js";
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
export { confidenceBy, type OutputScore, type ScoreName, scoreNames, softmaxResponse } from "./scores.js";
export { softmaxRows } from "./softmax.js";
