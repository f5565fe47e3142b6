// Runs `issues`: ranks the labels, selects, and writes the results.
import { writeFileAtomic } from "../../../atomic-files.js";
import { dataPlace, folderOf, type Samples } from "../../../data/index.js";
import { didYouMean, InputError } from "../../../errors.js";
import { inspectData, inspectRun } from "../../../evaluation/index.js";
import {
  type Findings,
  findIssues,
  findIssuesByFeatures,
  findIssuesByProbabilities,
  type IssueKind,
  issueKinds,
  kindsOf,
  type LabelIssue,
  type RunInspection,
} from "../../../issues/index.js";
import { option } from "../../../options/index.js";
import { everyRow, renderIssues, type SamplesByPart, samplesOfRun } from "../../../reports/index.js";
import type { LabeledData } from "../../../review/index.js";
import { readClassifierRecipe } from "../../../runs/classifier-recipe.js";
import { readRunRecipe } from "../../../runs/index.js";
import { setThreads } from "../../../torch/index.js";
import { requireOnDisk } from "../../shared/on-disk.js";
import { log, printResult } from "../../shared/output.js";
import { correct } from "./correct.js";
import { healthJson, type IssueRow, issueRows, issuesCsv, issuesJsonl } from "./issues-files.js";
import type { IssuesOptions } from "./issues-options.js";
import { issuesLines } from "./issues-text.js";
import { correctionOf, type RunSource, type Source, sourceOf } from "./issues-usage.js";
import { type FeatureSource, readLabeledFeatures } from "./labeled-features.js";
import { type ProbabilitySource, readLabeledProbabilities } from "./labeled-probabilities.js";

/** Rows printed by default. */
const PRINTED = 10;

/** The findings, and the data that a corrected manifest is made of. */
interface Ranked {
  readonly findings: Findings;
  /** For pictures. */
  readonly parts: SamplesByPart;
  readonly data: LabeledData;
  readonly notes: readonly string[];
}

/** @throws InputError for a run, data, probabilities or options that cannot be used. */
export async function issues(run: string | undefined, options: IssuesOptions): Promise<void> {
  const { top, class: className, threads, json, types } = options;
  const source = sourceOf(run, options);
  const correction = correctionOf(options);
  setThreads(threads);
  if ("run" in source) requireClass(className, readClassifierRecipe(source.run).resolved.classes);
  const { findings, data, parts, notes } = await rank(source, typesOf(types));
  requireClass(className, findings.classes);
  const selected = select(findings.issues, className, top);
  const corrected = correction === null ? null : correct(correction, findings, selected, data);
  for (const note of [...unsearchedNotes(source, types), ...notes]) log(note);
  const rows = issueRows(selected, findings);
  writeResults(options, findings, rows);
  if (options.html !== undefined) {
    await writePage(options.html, titleOf(source, className), { ...findings, issues: selected }, parts);
  }
  if (corrected !== null) {
    writeFileAtomic(corrected.file, corrected.text);
    log(corrected.summary);
  }
  printResult(json, rows, issuesLines(findings, selected, top ?? PRINTED));
}

function writeResults({ csv, jsonl, health }: IssuesOptions, findings: Findings, rows: readonly IssueRow[]) {
  if (csv !== undefined) writeFileAtomic(csv, issuesCsv(rows, findings));
  if (jsonl !== undefined) writeFileAtomic(jsonl, issuesJsonl(rows));
  if (health !== undefined) writeFileAtomic(health, healthJson(findings));
}

async function writePage(file: string, title: string, findings: Findings, samples: SamplesByPart): Promise<void> {
  writeFileAtomic(file, await renderIssues({ title, findings, samples }));
  log(`pictures: ${file}`);
}

function titleOf(source: Source, className: string | undefined): string {
  const of = "run" in source ? `the data of ${source.run}` : (source.data ?? source.labels);
  return `Issues of ${of}${className === undefined ? "" : `, labels of the class ${className}`}`;
}

/** @throws InputError for an unknown kind of issue. */
function typesOf(types: string | undefined): readonly IssueKind[] {
  if (types === undefined) return issueKinds;
  return types === "none" ? [] : kindsOf(types.split(",").map((name) => name.trim()));
}

/** Probabilities are evidence about labels alone. */
function unsearchedNotes(source: Source, types: string | undefined): string[] {
  if (!("probabilities" in source) || types === undefined || typesOf(types).length === 0) return [];
  return [`${option("types", types)}: only labels are ranked by ${option("predProbs")}; no other kind is searched for`];
}

async function rankByRun(source: RunSource, types: readonly IssueKind[]): Promise<Ranked> {
  const inspection = await inspected(source);
  const { part } = source;
  const findings = await findIssues(inspection, { types, ...(part && !inspection.unseen && { part }) });
  const notes = [...inspection.notes, ...untrainedNotes(inspection, findings), ...findings.notes];
  return { findings, data: await manifestData(source, inspection), parts: samplesOfRun(inspection), notes };
}

/** The run on its own data or on other data. */
function inspected({ run, data, layout, part, ...options }: RunSource): Promise<RunInspection> {
  if (data !== undefined) return inspectData(run, data, { ...options, ...layout, part });
  requireOnDisk(run, readRunRecipe(run).recipe.data);
  return inspectRun(run, options);
}

function untrainedNotes({ train }: RunInspection, { part, evaluated }: Findings): string[] {
  const untrained = train.labels.length - evaluated;
  if (part !== "train" || untrained === 0) return [];
  return [`${untrained} of ${train.labels.length} samples were not trained on and are not evaluated`];
}

async function manifestData({ run, data, skipMissing }: RunSource, inspection: RunInspection): Promise<LabeledData> {
  const path = await dataPlace(data ?? readRunRecipe(run).recipe.data);
  const { classes, train, positions, leftOut, dataValidation, test } = inspection;
  if (inspection.unseen) return { path, ...inspection.unseen.dataSet };
  return { path, classes, train, positions, leftOut, validation: dataValidation, test, skipMissing };
}

function rank(source: Source, types: readonly IssueKind[]): Promise<Ranked> {
  if ("run" in source) return rankByRun(source, types);
  return "features" in source ? rankByFeatures(source, types) : rankByProbabilities(source);
}

async function rankByFeatures(source: FeatureSource, types: readonly IssueKind[]): Promise<Ranked> {
  const { features, samples, notes, ...data } = await readLabeledFeatures(source);
  const { classes, train } = data;
  const { labels, files } = train;
  const folder = source.data === undefined ? undefined : folderOf(await dataPlace(source.data));
  const findings = await findIssuesByFeatures({ features, classes, labels, files, samples, folder, types });
  return { findings, data, parts: partsOfData(samples, labels), notes: [...notes, ...findings.notes] };
}

/** The samples with the given labels, where there are any. */
function partsOfData(samples: Samples | undefined, labels: Int32Array): SamplesByPart {
  return new Map(samples === undefined ? [] : [["data", everyRow({ ...samples, labels })] as const]);
}

async function rankByProbabilities(source: ProbabilitySource): Promise<Ranked> {
  const { probabilities, samples, notes, ...data } = await readLabeledProbabilities(source);
  const { classes, train } = data;
  const findings = findIssuesByProbabilities({ probabilities, classes, ...train });
  return { findings, data, parts: partsOfData(samples, train.labels), notes: [...notes, ...findings.notes] };
}

/** @throws InputError for an unknown class. */
function requireClass(name: string | undefined, classes: readonly string[]): void {
  if (name === undefined || classes.includes(name)) return;
  const known = classes.join(", ");
  throw new InputError(`${option("class")}: received "${name}"; expected one of ${known}${didYouMean(name, classes)}`);
}

/** The requested issues, the most suspect first. */
function select(
  all: readonly LabelIssue[],
  className: string | undefined,
  top: number | undefined,
): readonly LabelIssue[] {
  const ofClass = className === undefined ? all : all.filter(({ given }) => given === className);
  return ofClass.slice(0, top);
}
