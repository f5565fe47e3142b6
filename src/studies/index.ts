// Studies: many runs described in a file, trained a few at a time, and their results in a table.
export { type ChildOptions, type Outcome, trainingChildren } from "./child-run.js";
export { estimateSeconds, secondsLeft, secondsOfAll } from "./estimate.js";
export { expandStudy, requireData, type StudyRow, selectRows } from "./expand.js";
export { isTrained, type PlannedRun, planRuns, requireSameRecipe, summaryOf } from "./planned-runs.js";
export { eachOf } from "./queue.js";
export { chooseProfile, type FoundStudy, readStudy } from "./read-study.js";
export { collectResults, writeResults } from "./results.js";
