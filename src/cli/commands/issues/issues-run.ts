// What `issues` does once its flags are read: judge, select, write, tell.
import { didYouMean, InputError } from "../../../errors.js";
import { inspectRun } from "../../../evaluation/index.js";
import {
  correctable,
  type Findings,
  findIssues,
  findIssuesByProbabilities,
  type LabelIssue,
  leastWrong,
} from "../../../issues/index.js";
import { readRunRecipe, writeFileAtomic } from "../../../runs/index.js";
import { setThreads } from "../../../torch/index.js";
import { requireOnDisk } from "../../shared/on-disk.js";
import { log, printResult } from "../../shared/output.js";
import { correctedManifest, type ManifestData } from "./corrected-manifest.js";
import { readJudgedLabels } from "./given-labels.js";
import { healthJson, issuesCsv, issuesJsonl } from "./issues-files.js";
import type { Correction, IssuesUsage, Judge } from "./issues-options.js";
import { issuesLines } from "./issues-text.js";

/** What was found, and the data that a corrected manifest is made of. */
interface Judged {
  readonly findings: Findings;
  readonly data: ManifestData;
  readonly notes: readonly string[];
}

export async function findAndTell({
  judge,
  top,
  className,
  csv,
  jsonl,
  health,
  json,
  threads,
  correction,
}: IssuesUsage): Promise<void> {
  if (threads !== undefined) setThreads(threads);
  if ("run" in judge) requireClass(className, readRunRecipe(judge.run).resolved.classes);
  const { findings, data, notes } = await judged(judge);
  requireClass(className, findings.classes);
  const chosen = select(findings.issues, className, top);
  const corrected = correction === null ? null : correct(correction, findings, chosen, data);
  for (const note of notes) log(note);
  if (csv !== undefined) writeFileAtomic(csv, issuesCsv(chosen));
  if (jsonl !== undefined) writeFileAtomic(jsonl, issuesJsonl(chosen));
  if (health !== undefined) writeFileAtomic(health, healthJson(findings));
  if (correction !== null && corrected !== null) {
    writeFileAtomic(correction.file, corrected.text);
    log(corrected.summary);
  }
  printResult(json, chosen, issuesLines(findings, chosen, top ?? 20));
}

function judged(judge: Judge): Promise<Judged> {
  return "run" in judge ? byRun(judge) : byProbabilities(judge);
}

async function byRun({ run, data, device }: Extract<Judge, { run: string }>): Promise<Judged> {
  const path = data ?? readRunRecipe(run).recipe.data;
  requireOnDisk(run, path);
  const inspection = await inspectRun(run, { data, device });
  const { classes, train, test, notes } = inspection;
  const findings = await findIssues(inspection);
  const aside = train.labels.length - findings.judged;
  const asideNotes =
    aside === 0 ? [] : [`${aside} of ${train.labels.length} samples were not trained on and are not judged`];
  return { findings, data: { path, classes, train, test }, notes: [...notes, ...asideNotes, ...findings.notes] };
}

async function byProbabilities(judge: Extract<Judge, { probabilities: string }>): Promise<Judged> {
  const { probabilities, notes, ...data } = await readJudgedLabels(judge);
  const { classes, train } = data;
  return { findings: findIssuesByProbabilities({ probabilities, classes, ...train }), data, notes };
}

/** @throws InputError for a class that there is not. */
function requireClass(name: string | undefined, classes: readonly string[]): void {
  if (name === undefined || classes.includes(name)) return;
  const known = classes.join(", ");
  throw new InputError(`--class: received "${name}"; expected one of ${known}${didYouMean(name, classes)}`);
}

/** The issues asked for, the most suspect first. */
function select(
  issues: readonly LabelIssue[],
  className: string | undefined,
  top: number | null,
): readonly LabelIssue[] {
  const ofClass = className === undefined ? issues : issues.filter(({ given }) => given === className);
  return top === null ? ofClass : ofClass.slice(0, top);
}

function correct(
  { file, action, least }: Correction,
  findings: Findings,
  chosen: readonly LabelIssue[],
  data: ManifestData,
) {
  const wrong = correctable(chosen, findings.classHealth, least ?? leastWrong);
  const text = correctedManifest({ file, action, wrong, data });
  const done = action === "drop" ? "left out" : "relabeled";
  const right = Math.round(wrong.reduce((sum, { pWrong }) => sum + 1 - pWrong, 0));
  const bar = `P(wrong) ${(least ?? leastWrong).toFixed(3)} or more`;
  const hit = wrong.length === 0 ? "" : `; about ${right} of these labels are expected to be right`;
  return { text, summary: `${file}: ${wrong.length} of ${data.train.labels.length} samples ${done} (${bar})${hit}` };
}
