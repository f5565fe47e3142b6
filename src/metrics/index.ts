// Figures of merit: pure functions of arrays, which know nothing of networks or tensors.
export { accuracy, correctness, predictions } from "./accuracy.js";
export type { Correctness, Labels, Logits } from "./arrays.js";
export { expectedCalibrationError, type ReliabilityBin, reliabilityBins } from "./calibration.js";
export { abstentionConfidence, softmaxResponse } from "./confidence.js";
export { areaUnderRiskCoverage, errorAtCoverage, type RiskCoveragePoint, riskCoverage } from "./coverage.js";
export { negativeLogLikelihood } from "./negative-log-likelihood.js";
