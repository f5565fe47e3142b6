// The public library: `import { selfAdaptive, train } from "selfadapt"`; the engine is in "selfadapt/torch".
export { type DataOptions, type DataSet, readDataSet, type Samples, shapesDataSet } from "./data/index.js";
export { InputError } from "./errors.js";
export {
  type ExportedFile,
  type ExportRunOptions,
  exportRun,
  type OnnxOptions,
  type RunExport,
  toOnnx,
} from "./export/index.js";
export { createModel, loadWeights, type ModelOptions, modelNames, saveWeights } from "./models/index.js";
export {
  type Batch,
  type BootstrappingOptions,
  bootstrapping,
  crossEntropy,
  type EarlyLearningOptions,
  earlyLearning,
  type ForwardCorrectionOptions,
  forwardCorrection,
  type GeneralisedCrossEntropyOptions,
  generalisedCrossEntropy,
  type Indices,
  type LabelSmoothingOptions,
  labelSmoothing,
  type MixupOptions,
  mixup,
  type Objective,
  type SelfAdaptiveOptions,
  type SymmetricCrossEntropyOptions,
  selfAdaptive,
  symmetricCrossEntropy,
} from "./objectives/index.js";
export {
  type ClassHealth,
  type Findings,
  findIssues,
  findIssuesByProbabilities,
  type GivenProbabilities,
  type LabelIssue,
  type NearDuplicate,
  renderComparison,
  renderReport,
} from "./reports/index.js";
export {
  type EpochMetrics,
  type EvaluateRunOptions,
  evaluateRun,
  type InspectRunOptions,
  inspectRun,
  type Prepared,
  type RecipeInput,
  type RunEvaluation,
  type RunInspection,
  type RunSummary,
  type TestAnswers,
  type TrainingEvent,
  type TrainingListener,
  type TrainOptions,
  type TrainResult,
  train,
} from "./training/index.js";
export { version } from "./version.js";
