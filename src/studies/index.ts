// Studies: many runs described in a file, trained a few at a time, and their results in a table.
export { commandsLeft, isDone } from "./after-training.js";
export { type ChildOptions, type Outcome, trainingChildren } from "./child-run.js";
export { estimateFullSeconds, estimateSeconds, secondsLeft, secondsOfAll } from "./estimate.js";
export { expandStudy, requireData, type StudyRow } from "./expand.js";
export { isTrained, type PlannedRun, planRuns, requireSameRecipe, summaryOf } from "./planned-runs.js";
export { eachOf } from "./queue.js";
export { chooseProfile, type FoundStudy, readStudy } from "./read-study.js";
export { readRecorded, recordResults } from "./recorded.js";
export { collectResults, writeResults } from "./results.js";
export type { Search } from "./schema.js";
export { type Rung, rungsOf, survivors } from "./search/rungs.js";
export {
  ranked,
  recipeFileIn,
  resultOf,
  type SearchResults,
  searchTable,
  type TrialResult,
  writeSearch,
} from "./search/search-results.js";
export { hasReached, heldOutAccuracy, planTrials, runsTo, scoreOf, type Trial } from "./search/trials.js";
export { selectRows } from "./select-rows.js";
