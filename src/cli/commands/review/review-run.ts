// Runs `review`: figures of the verdicts, or files with the verdicts applied.
import { writeFileAtomic } from "../../../atomic-files.js";
import { dataPlace } from "../../../data/index.js";
import { didYouMean, InputError } from "../../../errors.js";
import { counted } from "../../../format.js";
import { option } from "../../../options/index.js";
import {
  exportText,
  isConfirmed,
  type LabeledData,
  listsFiles,
  pinnedText,
  type ReviewedData,
  type ReviewState,
  readReview,
  reviewedData,
  reviewState,
  reviewStatistics,
} from "../../../review/index.js";
import { readRunLabels, readRunRecipe } from "../../../runs/index.js";
import { requireOnDisk } from "../../shared/on-disk.js";
import { log, printResult } from "../../shared/output.js";
import type { ReviewOptions } from "./review-options.js";
import { appliedLines, statisticsLines } from "./review-text.js";
import { type ReviewTask, taskOf } from "./review-usage.js";

/** @throws InputError for a run, a log or options that cannot be used. */
export async function review(run: string, file: string | undefined, options: ReviewOptions): Promise<void> {
  const task = taskOf(file, options);
  const { recipe } = readRunRecipe(run);
  const { actions, notes } = readReview(run);
  const state = reviewState(actions);
  requireReviewer(options.reviewer, state);
  if (task.kind === "stats") {
    for (const note of notes) log(note);
    return printStatistics(state, options);
  }
  requireOnDisk(run, options.data ?? recipe.data);
  const { path, notes: dataNotes, ...read } = await readRunLabels(run, options);
  const data = { ...read, path: await dataPlace(path), skipMissing: options.skipMissing };
  const writesLabels = task.kind === "export" ? task.format === "manifest" : true;
  const isTestKept = writesLabels && !listsFiles(data);
  const reviewed = reviewedData(isTestKept ? withoutTest(state) : state, data, options.reviewer);
  const files = filesOf(task, reviewed, data);
  for (const note of [...notes, ...dataNotes]) log(note);
  if (task.kind === "apply" && task.pinned !== undefined && !reviewed.samples.some(isConfirmed)) {
    log(`no label is confirmed: ${task.pinned} has no rows`);
  }
  if (isTestKept) for (const note of testNotes(state, options.reviewer)) log(note);
  for (const { name, text } of files) writeFileAtomic(name, text);
  const names = files.map(({ name }) => name);
  const { samples, ...counts } = reviewed;
  printResult(options.json, { files: names, samples: samples.length, ...counts }, appliedLines(names, reviewed));
}

/** The review without its test part: a list for `--labels` has training labels only. */
const withoutTest = (state: ReviewState): ReviewState => ({
  ...state,
  decisions: (part, reviewer) => (part === "test" ? new Map() : state.decisions(part, reviewer)),
});

function testNotes(state: ReviewState, reviewer: string | undefined): string[] {
  const reviewers = reviewer === undefined ? state.reviewers : [reviewer];
  const decided = new Set(reviewers.flatMap((name) => [...state.decisions("test", name).keys()]));
  if (decided.size === 0) return [];
  const verdicts = counted(decided.size, "test sample");
  return [`verdicts on ${verdicts} are not applied: data that is not in files takes corrected training labels only`];
}

/** @throws InputError for a reviewer without verdicts. */
function requireReviewer(name: string | undefined, { reviewers }: ReviewState): void {
  if (name === undefined || reviewers.includes(name)) return;
  const known = reviewers.length === 0 ? "there are no verdicts yet" : `expected one of ${reviewers.join(", ")}`;
  throw new InputError(`${option("reviewer")}: received "${name}"; ${known}${didYouMean(name, reviewers)}`);
}

function printStatistics(state: ReviewState, { part, reviewer, json }: ReviewOptions): void {
  const names = reviewer === undefined ? state.reviewers : [reviewer];
  const reviewers = names.map((name) => ({ reviewer: name, ...reviewStatistics(state, part, name) }));
  printResult(json, { part, reviewers }, statisticsLines(part, reviewers));
}

/** The files to write with their texts; all are made before the first is written. */
function filesOf(task: Exclude<ReviewTask, { kind: "stats" }>, reviewed: ReviewedData, data: LabeledData) {
  if (task.kind === "export") {
    const { format, file } = task;
    return [{ name: file, text: exportText(format, { file, reviewed, data }) }];
  }
  const { manifest, pinned } = task;
  const confirmed = reviewed.samples.filter((sample) => sample.part !== "test" && isConfirmed(sample));
  return [
    ...(manifest === undefined
      ? []
      : [{ name: manifest, text: exportText("manifest", { file: manifest, reviewed, data }) }]),
    ...(pinned === undefined ? [] : [{ name: pinned, text: pinnedText(confirmed, pinned, data) }]),
  ];
}
