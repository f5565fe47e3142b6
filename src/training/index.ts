// Training: recipes, runs and their folders.
export { type Evaluation, evaluateModel } from "./evaluate.js";
export { type EvaluateRunOptions, evaluateRun, type RunEvaluation } from "./evaluate-run.js";
export type { TrainingEvent, TrainingListener } from "./events.js";
export { writeFileWhole } from "./files.js";
export { type Prepared, prepare } from "./prepare.js";
export type { Progress } from "./progress.js";
export {
  flagOf,
  parseRecipe,
  type Recipe,
  type RecipeInput,
  type RecipeKey,
  recipeKeys,
  recipeSchema,
  withWholePaths,
} from "./recipe.js";
export { type Rehearsal, rehearse } from "./rehearse.js";
export { type RunFacts, type RunRecipe, readMetrics, readRunRecipe, readSummary } from "./run-folder.js";
export type { EpochMetrics, RunSummary } from "./run-types.js";
export { type TrainOptions, type TrainResult, train } from "./train.js";
