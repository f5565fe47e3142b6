// Training: recipes, runs and their folders.
export {
  type AttackEvent,
  type AttackRunOptions,
  type AttackSeriesOptions,
  attackRun,
  attackSeries,
  type RunAttack,
  type RunAttackSeries,
  readAttacks,
} from "./attack/index.js";
export { type CalibrateRunOptions, calibrateRun, type RunCalibration } from "./calibrate-run.js";
export { type Calibration, readCalibration } from "./calibration.js";
export { embeddingSample } from "./embedding-sample.js";
export { type EvaluateRunOptions, evaluateRun, type RunEvaluation } from "./evaluate-run.js";
export type { TrainingEvent, TrainingListener } from "./events.js";
export { writeFileWhole } from "./files.js";
export { type InspectRunOptions, inspectRun } from "./inspect-run.js";
export type { Prepared } from "./prepare.js";
export {
  type EmbeddingHealth,
  healthOf,
  type NeighbourOptions,
  nearestNeighbours,
  type ProbeMethod,
  type ProbeProtocol,
  type ProbeRunOptions,
  probeRun,
  type RunProbe,
} from "./probe/index.js";
export type { Progress } from "./progress.js";
export { flagOf, parseRecipe, type Recipe, type RecipeInput, type RecipeKey, withWholePaths } from "./recipe.js";
export { type Rehearsal, rehearse } from "./rehearse.js";
export { type RunRecipe, readMetrics, readRunRecipe, readSummary } from "./run-folder.js";
export { countRecords } from "./run-records.js";
export type {
  AttackResult,
  AttackSeries,
  AttackSettings,
  EpochMetrics,
  KeptAttacks,
  RunInspection,
  RunSummary,
  TestAnswers,
} from "./run-types.js";
export { type TrainOptions, type TrainResult, train } from "./train.js";
export { UnpromisedRiskError } from "./wanted.js";
