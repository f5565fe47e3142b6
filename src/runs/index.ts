// A run on disk: its recipe, its prepared data, its folder and files.
export { type Calibration, readCalibration } from "./files/calibration.js";
export type { EpochMetrics } from "./files/epoch-metrics.js";
export { countHistory } from "./files/history-files.js";
export type { RunSummary } from "./files/run-summary.js";
export type { Prepared } from "./prepare.js";
export type { Progress } from "./progress.js";
export { parseRecipe, type Recipe, type RecipeInput, type RecipeKey, withAbsolutePaths } from "./recipe/schema.js";
export { isFinished, type RunRecipe, readMetrics, readRunRecipe, readSummary } from "./run-folder.js";
export { type RunLabels, type RunLabelsOptions, readRunLabels } from "./run-labels.js";
