// A run's model evaluated: accuracy and calibration, thresholds, attacks, frozen features, and its view of every sample.
export {
  type AttackEvent,
  type AttackResult,
  type AttackResults,
  type AttackRunOptions,
  type AttackSeries,
  type AttackSeriesOptions,
  type AttackSettings,
  attackRun,
  attackSeries,
  type RunAttack,
  type RunAttackSeries,
  readAttacks,
} from "./attack/index.js";
export { type CalibrateRunOptions, calibrateRun, type RunCalibration } from "./calibrate-run.js";
export { type EmbeddingSample, embeddingSample } from "./embedding-sample.js";
export { type EvaluateRunOptions, evaluateRun, type RunEvaluation } from "./evaluate-run.js";
export { type InspectDataOptions, inspectData } from "./inspect-data.js";
export { type InspectRunOptions, inspectRun } from "./inspect-run.js";
export {
  type EmbeddingHealth,
  healthOf,
  type NeighborOptions,
  nearestNeighbors,
  type ProbeMethod,
  type ProbeProtocol,
  type ProbeRunOptions,
  probeRun,
  type RunProbe,
} from "./probe/index.js";
export { NoGuaranteeError } from "./threshold.js";
