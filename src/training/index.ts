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
} from "../evaluation/attack/index.js";
export { type CalibrateRunOptions, calibrateRun, type RunCalibration } from "../evaluation/calibrate-run.js";
export { type Calibration, readCalibration } from "../runs/calibration.js";
export { embeddingSample } from "../evaluation/embedding-sample.js";
export { type EvaluateRunOptions, evaluateRun, type RunEvaluation } from "../evaluation/evaluate-run.js";
export type { TrainingEvent, TrainingListener } from "./events.js";
export { writeFileWhole } from "../runs/atomic-files.js";
export { type InspectRunOptions, inspectRun } from "../evaluation/inspect-run.js";
export type { Prepared } from "../runs/prepare.js";
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
} from "../evaluation/probe/index.js";
export type { Progress } from "../runs/progress.js";
export { flagOf, parseRecipe, type Recipe, type RecipeInput, type RecipeKey, withWholePaths } from "../runs/recipe/schema.js";
export { type Rehearsal, rehearse } from "./dry-run.js";
export { type RunRecipe, readMetrics, readRunRecipe, readSummary } from "../runs/run-folder.js";
export { countRecords } from "../runs/history-files.js";
export type {
  AttackResult,
  AttackSeries,
  AttackSettings,
  EpochMetrics,
  KeptAttacks,
  RunInspection,
  RunSummary,
  TestAnswers,
} from "../runs/run-types.js";
export { type TrainOptions, type TrainResult, train } from "./train.js";
export { UnpromisedRiskError } from "../evaluation/threshold.js";
